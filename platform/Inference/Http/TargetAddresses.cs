using System.Runtime.CompilerServices;

namespace BlueGreen.Platform.Inference.Http;

/// <summary>Where requests to each target go: made once per target, because a load asks for it thousands of times a second.</summary>
/// <param name="make">Makes the address.</param>
internal sealed class TargetAddresses(Func<InferenceTarget, Uri> make)
{
    private readonly ConditionalWeakTable<InferenceTarget, Uri> _made = [];
    private readonly ConditionalWeakTable<InferenceTarget, Uri>.CreateValueCallback _make = new(make);

    public Uri Of(InferenceTarget target) => _made.GetValue(target, _make);
}
