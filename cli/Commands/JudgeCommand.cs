using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using BlueGreen.Cli.Judging;
using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Cli.Commands;

/// <summary>Two files against each other, or a past deployment against another policy; the first needs no platform.</summary>
internal static class JudgeCommand
{
    public static Command Create(CommandRunner runner)
    {
        var asked = new Asked(
            new("deployment") { Description = "A past deployment (or endpoint) to judge again by other gates.", Arity = ArgumentArity.ZeroOrOne },
            new("--baseline") { Description = "CSV file with blue's scores or class labels." },
            new("--candidate") { Description = "CSV file with green's." },
            new("--column") { Description = "Their column: its name, or its place counted from 0 (for files without a header). Default: score, else the only column." },
            new("--gates") { Description = "A policy, or a file with its list 'gates:'." });
        var command = new Command("judge", "Judges two files of scores, or a past deployment by another policy, with the validator's own statistics.")
        {
            asked.Target, asked.Baseline, asked.Candidate, asked.Column, asked.Gates,
        };
        runner.Attach(command, (parsed, session, ct) => RunAsync(asked, parsed, session, ct));
        return command;
    }

    private static Task<int> RunAsync(Asked asked, ParseResult parsed, Session session, CancellationToken ct)
    {
        var (target, baseline, candidate) = (parsed.GetValue(asked.Target), parsed.GetValue(asked.Baseline), parsed.GetValue(asked.Candidate));
        var gates = parsed.GetValue(asked.Gates);
        if (target is not null && baseline is null && candidate is null)
            return AgainAsync(target, gates, session, ct);
        if (target is not null || baseline is null || candidate is null)
            throw CommandFailure.Usage("baseline", "Give --baseline and --candidate, or a deployment.");
        return Task.FromResult(Files(baseline, candidate, parsed.GetValue(asked.Column), gates, session));
    }

    private static int Files(string baseline, string candidate, string? column, string? path, Session session)
    {
        var gates = path is null ? null : GateFile.Load(path);
        var judgement = OfflineJudgement.Of(CsvColumn.Read(baseline, column), CsvColumn.Read(candidate, column), gates ?? GateFile.Default);
        if (session.Json) session.Out.Json(JsonSerializer.SerializeToElement(judgement, JudgeJson.Default.OfflineJudgement));
        else Show(judgement, session);
        // Without gates of one's own it is a measurement, not a question.
        return gates is null || Passed(judgement.Verdicts) ? ExitCode.Ok : ExitCode.Refused;
    }

    private static async Task<int> AgainAsync(string target, string? path, Session session, CancellationToken ct)
    {
        var gates = path is null ? null : GateFile.Load(path);
        var id = await session.ResolveDeploymentAsync(target, orNewest: true, ct);
        var judgement = await session.Api.FindAsync($"api/v1/evidence/{id}", ct) is { } evidence
            ? StoredJudgement.Of(evidence.Deserialize(EvidenceJson.Default.DeploymentEvidence)!, gates, ct)
            : await ByResultsAsync(id, gates, session, ct);
        if (session.Json) session.Out.Json(JsonSerializer.SerializeToElement(judgement, JudgeJson.Default.StoredJudgement));
        else Show(judgement, session);
        return judgement.WouldPass ? ExitCode.Ok : ExitCode.Refused;
    }

    private static async Task<StoredJudgement> ByResultsAsync(Guid id, GateFile? gates, Session session, CancellationToken ct)
    {
        var deployment = await session.Api.DeploymentAsync(id, ct);
        var stored = deployment.TryGetProperty("gates", out var list)
            ? list.Deserialize(JudgeJson.Default.IReadOnlyListGateResult) ?? []
            : [];
        if (stored.Count == 0) throw CommandFailure.Usage("deployment", $"Deployment {id} has neither evidence nor gate results.");
        return StoredJudgement.Of(
            id, stored, gates ?? throw CommandFailure.Usage("gates", $"No evidence of deployment {id} is kept: say by which policy, --gates FILE."));
    }

    private static void Show(StoredJudgement judgement, Session session)
    {
        session.Out.Line(judgement.Basis == "evidence"
            ? $"judged again by the evidence of deployment {judgement.Deployment}"
            : $"no evidence of deployment {judgement.Deployment} is kept: its results' values against the limits");
        Show(judgement.Verdicts, session);
        session.Out.Line(judgement.WouldPass ? "green would have been let through" : $"green would have been refused: {judgement.Why}");
        if (judgement.Passed is { } passed) session.Out.Line(passed ? "it was let through" : "it was refused");
    }

    private static void Show(OfflineJudgement judgement, Session session)
    {
        void Line(string name, double value, double? pValue = null) => session.Out.Line(string.Create(CultureInfo.InvariantCulture,
            $"{name,-13} {value,12:0.######}{(pValue is { } p ? $"  p = {p:0.####e+0}" : "")}"));
        var samples = judgement.Samples;
        var kind = judgement.Settings.Labels is null ? "scores" : "labels";
        session.Out.Line($"{samples.Baseline} baseline {kind} ({samples.BaselineNulls} nulls), {samples.Candidate} candidate {kind} ({samples.CandidateNulls} nulls)");
        if (judgement.Ks is { } ks) Line("ks", ks.Statistic, ks.PValue);
        Line("psi", judgement.Psi);
        Line("kl", judgement.Kl);
        Line("js", judgement.Js);
        if (judgement.Wasserstein is { } wasserstein) Line("wasserstein", wasserstein);
        Line("chi2", judgement.Chi2.Statistic, judgement.Chi2.PValue);
        if (judgement.MannWhitney is { } mannWhitney) Line("mannwhitney", mannWhitney.Statistic, mannWhitney.PValue);
        Show(judgement.Verdicts, session);
    }

    private static void Show(IEnumerable<GateResult> verdicts, Session session)
    {
        foreach (var result in verdicts) session.Out.Line($"{result.Verdict,-13} {result.Gate}: {result.Summary}");
    }

    private static bool Passed(IReadOnlyList<GateResult> verdicts) =>
        verdicts.Any(result => result.Verdict == Verdict.Passed) && verdicts.All(result => result.Verdict is Verdict.Passed or Verdict.NotApplicable);

    private sealed record Asked(
        Argument<string?> Target, Option<string?> Baseline, Option<string?> Candidate, Option<string?> Column, Option<string?> Gates);
}
