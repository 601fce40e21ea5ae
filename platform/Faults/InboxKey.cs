using System.Security.Cryptography;
using System.Text;

namespace BlueGreen.Platform.Faults;

/// <summary>Under which a message counts as handled: given up is handled, so that no repetition of it becomes a second fault.</summary>
internal sealed record InboxKey(Guid MessageId, Guid ConsumerId)
{
    /// <summary>For a message that did not get as far as a consumer.</summary>
    public static InboxKey? At(string queue, Guid? messageId) =>
        messageId is { } id ? new InboxKey(id, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(queue)).AsSpan(0, 16))) : null;
}
