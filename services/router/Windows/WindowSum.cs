namespace BlueGreen.Router.Windows;

/// <summary>Counters of several seconds added up.</summary>
internal sealed class WindowSum
{
    /// <summary>By <see cref="AnswerClass"/>.</summary>
    public long[] Answers { get; } = new long[AnswerClassification.Count];
    public long Requests => Answers.Sum();
    public long Errors => Answers.Where((_, answer) => AnswerClassification.IsError((AnswerClass)answer)).Sum();

    /// <summary>Answers whose predictions could be read; compressed, very large and unknown ones cannot.</summary>
    public long Inspected { get; set; }

    /// <summary>Those of them with at least one null or NaN prediction.</summary>
    public long NullPredictions { get; set; }

    /// <summary>Of copies of requests only.</summary>
    public CopyTally Copies { get; } = new();

    /// <summary>A sample of what was predicted.</summary>
    public List<float> Scores { get; } = [];
    public long[] Latencies { get; } = new long[LatencyBuckets.Count];
}
