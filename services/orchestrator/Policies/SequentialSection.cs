using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.bake.metrics[].sequential</c>.</summary>
internal static class SequentialSection
{
    private const string Limits = "limits";
    private const string Blue = "blue";

    public static SequentialTest Read(PolicySection sequential) => new()
    {
        CountQuery = sequential.Required(
            "of", MetricSourceSection.Query, "How many observations there are, asked of the same source; its `query` gives their sum. Both since the environment began."),
        CountValue = sequential.OptionalText("value", DistributionSection.Pointer, "JSON pointer to how many. Default: that of the source."),
        Largest = sequential.Value("largest", Number(1e-9, 1e12), 1, "Largest value of one observation, the smallest being 0; with 1 the mean is a share."),
        AgainstBlue = sequential.Value(
            "against", OneOf([Limits, Blue]), Limits,
            "What `low` and `high` are about: green's mean (`limits`), or green's less blue's (`blue`), for whom the source is asked as well.") == Blue,
        Confidence = sequential.Value("confidence", Share(0.5, 0.9999), 0.95, "Of all looks together."),
    };
}
