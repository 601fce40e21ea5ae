using BlueGreen.Platform.Inference;
using BlueGreen.Router.Capture;
using BlueGreen.Router.Mirroring;

namespace BlueGreen.Router.Windows;

/// <summary>What is to be looked for in an answer that passes by.</summary>
/// <param name="Inspector">Knows the protocol.</param>
/// <param name="Window">Counts answers and null predictions, and keeps some scores.</param>
/// <param name="Status">Of the answer.</param>
/// <param name="MediaType">Of the answer.</param>
/// <param name="Capture">Wants request and answer; null: nobody does.</param>
/// <param name="Mirrored">Wants the answer, for the comparison; null: nobody does.</param>
internal readonly record struct AnswerInspection(
    PredictionInspector Inspector, TrafficWindow Window, int Status, string? MediaType, CaptureTicket? Capture, MirrorCapture? Mirrored)
{
    /// <summary>Larger answers pass unseen.</summary>
    public const int MostBytes = 256 * 1024;

    /// <summary>Whether such an answer can be read.</summary>
    public static bool Applies(int status, long? length, bool isEncoded, string? mediaType) =>
        status is >= 200 and <= 299 && length is not (0 or > MostBytes) && !isEncoded && mediaType is not null && PredictionInspector.CanRead(mediaType);

    /// <param name="body">The whole of it. May be written into.</param>
    public void Inspect(ReadOnlyMemory<byte> body)
    {
        // The copies first: the inspector may write into the body.
        Mirrored?.Take(body, MediaType);
        Capture?.Complete(Status, body);
        if (Window.WantsScore && Inspector.Scores(body, MediaType, most: 1) is [{ } score]) Window.KeepScore(score);
        if (Inspector.OwesPrediction(body, MediaType) is { } owes) Window.CountInspected(owes);
    }
}
