using BlueGreen.Router.Windows;

namespace BlueGreen.Router.Mirroring;

/// <summary>What a mirrored request's answer by the live environment said, kept for the comparison.</summary>
internal sealed class MirrorCapture
{
    private const int MostBytes = 64 * 1024;

    /// <summary>The body of an answer that can be read; null: it was another, too large, or none.</summary>
    public byte[]? Body { get; private set; }

    public string? MediaType { get; private set; }

    /// <summary>What came of the request.</summary>
    public AnswerClass Outcome { get; set; }

    public void Take(ReadOnlyMemory<byte> body, string? mediaType)
    {
        MediaType = mediaType;
        Body = body.Length <= MostBytes ? body.ToArray() : null;
    }
}
