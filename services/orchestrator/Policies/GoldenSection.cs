using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.gates[].golden</c>.</summary>
internal static class GoldenSection
{
    private const string File = "file";

    public static GoldenGate Read(PolicySection golden)
    {
        var file = golden.File(File, "Requests with their labels, one inference request per line. Required.");
        golden.Rule(file is not null, "Name the file with the labelled requests.", File);
        var gate = new GoldenGate
        {
            File = file ?? new BlobReference { Sha256 = "", Name = "" },
            Label = golden.Value("label", DistributionSection.Pointer, "/parameters/label", "JSON pointer into a request to its label, 0 or 1, or one per row."),
            MinRecall = golden.Optional("minRecall", Share(), "Smallest share of ones found while `maxFpr` of the zeros are."),
            MaxFpr = golden.Value("maxFpr", Share(), 0.01, "Largest share of zeros that may be taken for ones."),
            MinAccuracy = golden.Optional("minAccuracy", Share(), "Smallest share of right decisions at `threshold`."),
            DecisionThreshold = golden.Value("threshold", Number(-1e9, 1e9), 0.5, "A score at or above it counts as 1."),
            MaxCalibrationError = golden.Optional("maxCalibrationError", Share(), "Largest expected calibration error (10 bins of equal width)."),
            Tolerance = golden.Optional("tolerance", Number(0, 1e9), "Largest distance of any score from `expected`."),
            Expected = golden.Value("expected", DistributionSection.Pointer, "/parameters/expected", "JSON pointer into a request to its expected score, or one per row."),
        };
        golden.Rule(
            gate is not { MinRecall: null, MinAccuracy: null, MaxCalibrationError: null, Tolerance: null },
            "Give at least one of minRecall, minAccuracy, maxCalibrationError and tolerance.", "minRecall");
        return gate;
    }
}
