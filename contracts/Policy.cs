namespace BlueGreen.Contracts;

/// <summary>How an environment is built: the policy's <c>environment</c> section.</summary>
public sealed record EnvironmentTemplate
{
    /// <summary><c>process</c>, <c>docker</c>, <c>kubernetes</c> or <c>external</c>.</summary>
    public required string Driver { get; init; }

    /// <summary>Inference protocol the fleet speaks, e.g. <c>open-inference-v2</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>What the protocol leaves open; null: its defaults.</summary>
    public InferenceSettings? Inference { get; init; }

    /// <summary>Size of the fleet, at least 1.</summary>
    public required int Replicas { get; init; }

    /// <summary>Program and arguments; <c>{artifact}</c>, <c>{port}</c>, <c>{model}</c> and <c>{version}</c> are filled in per replica.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Cost of the whole environment per hour in the operator's currency, for reports only.</summary>
    public double CostPerHour { get; init; }
}

/// <summary>When a replica counts as warm: the policy's <c>warmup</c> section.</summary>
public sealed record WarmupPolicy
{
    /// <summary>Payloads to warm with, one inference request per line; null: captured ones if asked for, else a probe built from the model's own metadata.</summary>
    public BlobReference? Payloads { get; init; }

    /// <summary>True: warm with live requests that the router captured; where there are none yet, as if nothing was said.</summary>
    public bool Captured { get; init; }

    /// <summary>Fewest requests per replica before latency may count as flat.</summary>
    public required int MinRequests { get; init; }

    /// <summary>Most requests per replica for each payload shape and batch size; warming fails when latency is not flat by then.</summary>
    public required int MaxRequests { get; init; }

    /// <summary>Size of the rolling window in requests.</summary>
    public required int StableWindow { get; init; }

    /// <summary>Largest relative difference between neighbouring windows that still counts as flat, e.g. 0.05.</summary>
    public required double StableTolerance { get; init; }

    /// <summary>Largest batch that production sends.</summary>
    public int MaxBatch { get; init; } = 1;

    /// <summary>Requests in flight at a time, per replica; null: as many as at the endpoint's observed peak.</summary>
    public int? Concurrency { get; init; }
}

/// <summary>The watch after the switch: the policy's <c>bake</c> section.</summary>
public sealed record BakePolicy
{
    public required TimeSpan Duration { get; init; }

    /// <summary>How far an inconclusive bake may be extended.</summary>
    public required TimeSpan MaxDuration { get; init; }

    /// <summary>How often the metrics are looked at.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>How long blue stays warm after a clean bake.</summary>
    public required TimeSpan Retention { get; init; }

    /// <summary><c>hold</c> (an operator decides) or <c>rollback</c> when the bake is inconclusive at <see cref="MaxDuration"/>.</summary>
    public required string OnInconclusive { get; init; }

    public required IReadOnlyList<BakeMetric> Metrics { get; init; }

    /// <summary>What green's answers to live requests are held against blue's to copies of the same requests; null: nothing is.</summary>
    public BakeComparison? Comparison { get; init; }
}

/// <summary>Both colours' answers to the same live requests, compared for as long as green bakes.</summary>
public sealed record BakeComparison
{
    /// <summary>
    /// Distances between both colours' scores, one per statistic. <see cref="DistributionGate.MinSamples"/> pairs are the fewest that are looked
    /// at, the newest <see cref="DistributionGate.MaxSamples"/> the most.
    /// </summary>
    public IReadOnlyList<DistributionGate> Distributions { get; init; } = [];

    /// <summary>The share of answers that differ, among the newest <see cref="PairedGate.Requests"/>; null: not judged.</summary>
    public PairedGate? Paired { get; init; }
}

/// <summary>One metric of the bake with its limits.</summary>
public sealed record BakeMetric
{
    /// <summary>
    /// <c>error-rate</c>, <c>client-error-rate</c> and <c>null-rate</c> (shares in [0, 1]), <c>latency-p50</c>, <c>latency-p95</c>,
    /// <c>latency-p99</c> (milliseconds) of green's requests as the router saw them; with a <see cref="Source"/>, any name. A
    /// <c>client-error-rate</c> without limits is held against blue's.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Smallest healthy value; null: no lower limit.</summary>
    public double? Low { get; init; }

    /// <summary>Largest healthy value; null: no upper limit.</summary>
    public double? High { get; init; }

    /// <summary>Failed looks in a row that fail the bake, at least 1.</summary>
    public int FailureLimit { get; init; } = 1;

    /// <summary>Fewest requests in a window for a verdict; fewer is Inconclusive.</summary>
    public int MinRequests { get; init; } = 50;

    /// <summary>Where the metric comes from; null: from the routers' own windows, and the rest does not apply.</summary>
    public MetricSource? Source { get; init; }

    /// <summary>How long after the switch the first measurement waits.</summary>
    public TimeSpan InitialDelay { get; init; }

    /// <summary>Pause between measurements; null: the bake's.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Measurements with a value after which no more are taken; null: until the bake ends.</summary>
    public int? Count { get; init; }

    /// <summary>Measurements without a value that are borne; one more ends the bake as inconclusive. Null: any number.</summary>
    public int? InconclusiveLimit { get; init; }

    /// <summary>Errors of the source in a row that are borne; one more ends the bake as inconclusive.</summary>
    public int ConsecutiveErrorLimit { get; init; } = 4;

    /// <summary>Set: the source's numbers are a running sum, judged as a mean with all the doubt that is left; null: they are the value itself.</summary>
    public SequentialTest? Sequential { get; init; }
}

/// <summary>
/// A mean (or, of zeros and ones, a share) whose doubt is told however often it is looked at: the source's query gives the sum of all
/// observations of one environment so far, <see cref="CountQuery"/> how many they are.
/// </summary>
public sealed record SequentialTest
{
    /// <summary>Asked of the same source; the same placeholders are filled in.</summary>
    public required string CountQuery { get; init; }

    /// <summary>JSON pointer to the count, for <c>http</c> and <c>webhook</c>; null: where the sum stands.</summary>
    public string? CountValue { get; init; }

    /// <summary>Largest value of one observation; the smallest is 0. 1: the metric is a share.</summary>
    public double Largest { get; init; } = 1;

    /// <summary>True: the limits are about green's mean less blue's, of which the source is asked as well; false: about green's mean.</summary>
    public bool AgainstBlue { get; init; }

    /// <summary>Of all looks together, e.g. 0.95.</summary>
    public double Confidence { get; init; } = 0.95;
}

/// <summary>A question to a monitoring system whose answer is one number.</summary>
public sealed record MetricSource
{
    /// <summary><c>prometheus</c>, <c>http</c>, <c>webhook</c>, <c>datadog</c>, <c>newrelic</c> or <c>cloudwatch</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Base address, ending with a slash.</summary>
    public required Uri Address { get; init; }

    /// <summary>PromQL, path, Datadog query, NRQL or CloudWatch expression; <c>{endpoint}</c>, <c>{environment}</c> and <c>{version}</c> are filled in.</summary>
    public required string Query { get; init; }

    /// <summary>JSON pointer to the number, for <c>http</c> and <c>webhook</c>.</summary>
    public string? Value { get; init; }

    /// <summary>How far back the query looks, where the system asks for a time range.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>New Relic's account number, or the AWS region.</summary>
    public string? Account { get; init; }

    /// <summary>Name of the secret that the request is authorised with; never the secret itself.</summary>
    public string? SecretRef { get; init; }
}

/// <summary>Which alarms belong to an endpoint: an alarm matches when it carries every label listed here, and every pointer leads to its value.</summary>
public sealed record AlarmRule
{
    /// <summary>The alarm source, e.g. <c>alertmanager</c>; <c>any</c>: all of them.</summary>
    public required string Source { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>RFC 6901 pointers into what the source sent about the alarm, and the values they must lead to.</summary>
    public IReadOnlyDictionary<string, string> Pointers { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the alarm must have been firing before it is acted on.</summary>
    public TimeSpan For { get; init; }

    /// <summary>The time over which <see cref="For"/> may add up, with interruptions; zero: it must be firing without one.</summary>
    public TimeSpan Within { get; init; }

    /// <summary>How long after the switch it is not acted on: transients of a fleet that has just gone live. What is still firing then acts.</summary>
    public TimeSpan Settle { get; init; }

    /// <summary>Rules of one endpoint with the same word act only when all of them fire; null: this one acts by itself.</summary>
    public string? Together { get; init; }

    /// <summary>The label that says which environment (by id) or model version the alarm is about, where it carries one.</summary>
    public string EnvironmentLabel { get; init; } = "environment";
}

/// <summary>Who is told of rollbacks: the policy's <c>rollback.notify</c>.</summary>
public sealed record NotifyRule
{
    /// <summary>Name of the target in the rollback service's configuration, which knows its address and credentials.</summary>
    public required string SecretRef { get; init; }

    /// <summary>Of <c>reverted</c>, <c>refused</c>, <c>attention</c> and <c>rolled-back</c> those that are told; empty: all.</summary>
    public IReadOnlyList<string> On { get; init; } = [];
}
