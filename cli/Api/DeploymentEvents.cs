using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace BlueGreen.Cli.Api;

/// <summary>Follows a deployment to its end, across lost connections and restarts of the platform.</summary>
internal sealed class DeploymentEvents(PlatformClient api, TimeProvider time)
{
    private const int MostFailuresInARow = 20;
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>A promotion is accepted before the deployment is there to be seen.</summary>
    private static readonly TimeSpan BirthDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BirthPoll = TimeSpan.FromMilliseconds(20);

    /// <summary>Every event from the beginning, once, as the platform sent it; ends with the deployment.</summary>
    public async IAsyncEnumerable<JsonElement> FollowAsync(Guid id, [EnumeratorCancellation] CancellationToken ct)
    {
        string? last = null;
        var failures = 0;
        while (true)
        {
            var stream = await TryOpenAsync(id, last, failures, ct);
            if (stream is null) failures++;
            else
            {
                await foreach (var item in ReadAsync(stream, ct))
                {
                    failures = 0;
                    last = item.EventId ?? last;
                    yield return JsonElement.Parse(item.Data);
                }
            }

            if (await HasEndedAsync(id, ct)) yield break;
            await Task.Delay(ReconnectDelay, time, ct);
        }
    }

    /// <summary>Waits until a deployment whose promotion was just accepted can be followed.</summary>
    public async Task WaitForBirthAsync(Guid id, CancellationToken ct)
    {
        var begin = time.GetTimestamp();
        while (true)
        {
            try
            {
                await api.DeploymentAsync(id, ct);
                return;
            }
            catch (CommandFailure failure) when (failure.ExitCode == ExitCode.NotFound && time.GetElapsedTime(begin) < BirthDeadline)
            {
                await Task.Delay(BirthPoll, time, ct);
            }
        }
    }

    private async Task<HttpResponseMessage?> TryOpenAsync(Guid id, string? last, int failures, CancellationToken ct)
    {
        try
        {
            return await api.OpenEventsAsync(id, last, ct);
        }
        catch (CommandFailure failure) when (failure.ExitCode == ExitCode.Unreachable && last is not null && failures < MostFailuresInARow)
        {
            return null;
        }
    }

    private static async IAsyncEnumerable<SseItem<string>> ReadAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken ct)
    {
        using var _ = response;
        var parser = SseParser.Create(await response.Content.ReadAsStreamAsync(ct));
        await using var items = parser.EnumerateAsync(ct).GetAsyncEnumerator(ct);
        while (await MovesNextAsync(items))
        {
            if (items.Current.Data.Length > 0) yield return items.Current;
        }
    }

    private static async Task<bool> MovesNextAsync(IAsyncEnumerator<SseItem<string>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            // The connection was lost in the middle: what came is kept, the rest comes with the next one.
            return false;
        }
    }

    private async Task<bool> HasEndedAsync(Guid id, CancellationToken ct)
    {
        try
        {
            return (await api.DeploymentViewAsync(id, ct)).Ended;
        }
        catch (CommandFailure failure) when (failure.ExitCode == ExitCode.Unreachable)
        {
            return false;
        }
    }
}
