using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace BlueGreen.Router.Drivers.Nginx;

/// <summary>
/// NGINX by a generated include file, <c>nginx -t</c> and a reload: new workers take new requests, old ones finish theirs and go. A file that does
/// not pass the test is taken back. It is done when the running workers say that they have the new one.
/// </summary>
internal sealed partial class NginxDriver(IHttpClientFactory clients, TimeProvider clock) : ITrafficDriver, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Without a process id file: for so long old workers may still take connections beside the new ones, and these alone must have answered.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);

    public string Kind => "nginx";

    public void Dispose() => _turn.Dispose();

    public IReadOnlyList<string> Check(DriverSettings settings)
    {
        var problems = settings.Missing([], ["include", "status"]).ToList();
        if (!NameForm().IsMatch(settings.FromOwner("upstream", "endpoint")))
            problems.Add("The policy's route.driver.settings.upstream must be the name of an upstream: letters, digits, '-' and '_'.");
        return problems;
    }

    public string Describe(DriverRoute route) => NginxFile.Render(route, NginxFile.NoMark);

    public async Task<DriverReading> ReadAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        try
        {
            var text = File.Exists(NginxFile.PathOf(route)) ? await File.ReadAllTextAsync(NginxFile.PathOf(route), cancellationToken) : "";
            if (DriverMark.Read(text) is not { } mark) return DriverReading.Of(text, mark: null);
            var running = await RunningAsync(route, cancellationToken);
            var state = text.Replace(mark.ToString(), NginxFile.NoMark, StringComparison.Ordinal);
            if (running == mark.ToString()) return DriverReading.Of(state, mark);
            // Between the file and the reload: a replica is at it, or was killed there.
            if (mark.Fits(state) && DriverMark.Read(running) is not null) return DriverReading.Of(state, mark) with { IsHalfDone = true };
            return DriverReading.Of($"{state}# The running workers have another configuration: {running}\n", mark);
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return DriverReading.Failed($"NGINX cannot be asked what it has: {exception.Message}");
        }
    }

    public async Task<DriverResult> ApplyAsync(DriverRoute route, DriverReading seen, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var path = NginxFile.PathOf(route);
            var former = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : null;
            var mark = DriverMark.Of(route, Describe(route)).ToString();
            await DriverText.ReplaceFileAsync(path, NginxFile.Render(route, mark), cancellationToken);
            var before = NginxWorkers.Of(route.Settings);
            var problem = await ReloadAsync(route, cancellationToken);
            if (problem is null) return await UntilRunningAsync(route, mark, before, cancellationToken);
            if (former is null) File.Delete(path);
            else await DriverText.ReplaceFileAsync(path, former, CancellationToken.None);
            return DriverResult.Failed(problem);
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return DriverResult.Failed(exception.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task<DriverDrain> DrainAsync(DriverRoute route, CancellationToken cancellationToken) =>
        Task.FromResult(new DriverDrain(NginxWorkers.Of(route.Settings)?.Finishing));

    private static async Task<string?> ReloadAsync(DriverRoute route, CancellationToken cancellationToken) =>
        await NginxCommand.RunAsync(route, ["-t", "-q"], cancellationToken)
        ?? await NginxCommand.RunAsync(route, ["-s", "reload"], cancellationToken);

    /// <summary>Until the new workers answer, and the old ones take no connections any longer.</summary>
    private async Task<DriverResult> UntilRunningAsync(DriverRoute route, string mark, NginxWorkers? before, CancellationToken cancellationToken)
    {
        var last = "";
        try
        {
            long? since = null;
            while (true)
            {
                last = await TryRunningAsync(route, cancellationToken);
                since = last == mark ? since ?? clock.GetTimestamp() : null;
                var isAlone = before is null ? since is { } at && clock.GetElapsedTime(at) >= Overlap : !before.AnyTakesConnections();
                if (since is not null && isAlone) return DriverResult.Done;
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return DriverResult.Failed($"NGINX took the signal, but its workers still say '{last}', or old ones still take connections.");
        }
    }

    private async Task<string> TryRunningAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        try
        {
            return await RunningAsync(route, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
    }

    private async Task<string> RunningAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        // A connection that is kept would go on being answered by the worker that took it.
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{route.Settings.FromOperator("status")}/")
        {
            Headers = { Host = NginxFile.StatusName(route), ConnectionClose = true },
        };
        using var client = clients.CreateClient(nameof(NginxDriver));
        using var response = await client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? text.Trim() : $"HTTP {((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)}";
    }

    private static bool IsExpected(Exception exception) =>
        exception is HttpRequestException or IOException or UnauthorizedAccessException or Win32Exception or UriFormatException;

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex NameForm();
}
