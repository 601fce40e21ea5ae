namespace BlueGreen.Bench.Routing.Traffic;

/// <summary>An answer, or none, as the client saw it.</summary>
/// <param name="Sent">Timestamp of before the request was sent.</param>
/// <param name="Received">Timestamp of after the answer was read.</param>
/// <param name="Status">HTTP status; 0: the connection failed.</param>
/// <param name="Version">The model version that the model server itself named.</param>
/// <param name="Epoch">What the router said; -1: nothing, or a revert that its database has yet to hear of.</param>
/// <param name="Asked">Whom.</param>
internal readonly record struct ClientAnswer(long Sent, long Received, int Status, string? Version, long Epoch, Uri? Asked = null)
{
    public bool IsGood => Status == 200;

    /// <returns>Answered requests per second, from the first that was sent to the last that was answered; null: there are too few.</returns>
    public static double? PerSecond(IReadOnlyCollection<ClientAnswer> answers) => answers.Count < 2
        ? null
        : Math.Round(answers.Count / TimeProvider.System.GetElapsedTime(answers.Min(answer => answer.Sent), answers.Max(answer => answer.Received)).TotalSeconds);
}
