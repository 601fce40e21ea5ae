using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// The addresses inside SNS messages that may be fetched: those of SNS itself. Whatever else a message names would let its sender choose
/// where this process connects to.
/// </summary>
internal static partial class SnsAddress
{
    /// <summary>Null unless it is a certificate's address.</summary>
    public static Uri? ForCertificate(string? text) =>
        OfSns(text) is { } address && address.Query.Length == 0 && address.AbsolutePath.EndsWith(".pem", StringComparison.Ordinal) ? address : null;

    /// <summary>Null unless it confirms a subscription of this very topic.</summary>
    public static Uri? ForConfirmation(string? text, string topicArn)
    {
        if (OfSns(text) is not { AbsolutePath: "/" } address) return null;
        var query = QueryHelpers.ParseQuery(address.Query);
        return query.TryGetValue("Action", out var action) && action == "ConfirmSubscription"
            && query.TryGetValue("TopicArn", out var topic) && topic == topicArn && query.ContainsKey("Token")
                ? address
                : null;
    }

    private static Uri? OfSns(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort
        && address.UserInfo.Length == 0 && HostRegex().IsMatch(address.Host)
            ? address
            : null;

    [GeneratedRegex(@"^sns\.[a-zA-Z0-9-]{3,}\.amazonaws\.com(\.cn)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostRegex();
}
