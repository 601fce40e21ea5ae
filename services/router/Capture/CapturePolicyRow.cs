using BlueGreen.Contracts;

namespace BlueGreen.Router.Capture;

/// <summary>What an endpoint's newest policy says about capturing.</summary>
internal sealed class CapturePolicyRow
{
    public required string Endpoint { get; init; }
    public required long Revision { get; set; }

    /// <summary>Null: nothing is captured.</summary>
    public CapturePolicy? Policy { get; set; }
}
