namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed class CapturePolicyTests
{
    [Fact]
    public void Capture_Given_ReachesTheRouterAndWhatDrawsOnIt()
    {
        var policy = APolicy.ParseWith("capture: { rate: 5%, keep: 200, redact: [/card, /inputs/*/data] }\nwarmup: { payloads: captured }\ngates: [ { distribution: {} }, { health: {} } ]").Policy!;
        var capture = policy.ToEndpointConfigured("hash", 1).Capture!;
        Assert.Equal((0.05, 200, 65_536, TimeSpan.FromHours(24)), (capture.Rate, capture.Keep, capture.MaxBytes, capture.Ttl));
        Assert.Equal(["/card", "/inputs/*/data"], capture.Redact);
        Assert.True(policy.Warmup.Captured && policy.Gates.Captured);
        Assert.Null(policy.Warmup.Payloads);
    }

    [Fact]
    public void Validation_FileOfItsOwn_IsNotCaptured()
    {
        var policy = APolicy.ParseWith("capture: {}\nwarmup: { payloads: captured }\nvalidation: { payloads: golden.jsonl }").Policy!;
        Assert.True(policy.Warmup.Captured && !policy.Gates.Captured && policy.Gates.Payloads is not null);
        Assert.Null(APolicy.Valid(APolicy.Minimal).ToEndpointConfigured("hash", 1).Capture);
    }

    [Theory]
    [InlineData("warmup: { payloads: captured }", "Nothing is captured: payloads are 'captured' only where there is a capture section.")]
    [InlineData("capture: { redact: [card] }", "'card' is not a JSON Pointer such as /inputs/0/data.")]
    [InlineData("capture: { redact: [[/a]] }", "This must be a single value.")]
    public void Capture_ThatCannotWork_IsRefused(string lines, string message) =>
        Assert.Equal(message, Assert.Single(APolicy.ParseWith(lines).Errors).Message);
}
