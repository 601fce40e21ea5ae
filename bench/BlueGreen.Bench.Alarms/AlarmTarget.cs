using System.Diagnostics;
using BlueGreen.Platform.Hosting;
using BlueGreen.Rollback;
using BlueGreen.Rollback.Sources;
using BlueGreen.Testing.Alarms;
using BlueGreen.Testing.Alarms.Fuzzing;

namespace BlueGreen.Bench.Alarms;

/// <summary>The rollback service on Kestrel and SQLite, with every source enabled and no router: what it decides on is stored all the same.</summary>
internal sealed class AlarmTarget : IAsyncDisposable
{
    private const int Rounds = 20;
    private readonly WebApplication _app;
    private readonly string _folder;
    private readonly TestCertificates _certificates;
    private readonly UnhandledErrors _errors;
    private readonly HttpClient _client;

    private AlarmTarget(WebApplication app, string folder, TestCertificates certificates, UnhandledErrors errors)
    {
        (_app, _folder, _certificates, _errors) = (app, folder, certificates, errors);
        _client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public static async Task<AlarmTarget> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("bluegreen-bench-alarms-").FullName;
        var certificates = new TestCertificates();
        var errors = new UnhandledErrors();
        var app = PlatformHost.Build(["--urls", "http://127.0.0.1:0"], [new RollbackService()], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(errors);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["BlueGreen:DataDirectory"] = folder,
                ["BlueGreen:Api:Token"] = "a-token-for-the-benchmark",
            });
            builder.Configuration.AddInMemoryCollection(AlarmSender.Settings);
            builder.Services.AddSingleton<ISnsCertificates>(certificates);
            builder.Services.AddSingleton<ISubscriptionConfirmations, Nobody>();
        });
        await app.StartAsync(cancellationToken);
        return new AlarmTarget(app, folder, certificates, errors);
    }

    public async Task<AlarmsReport> RunAsync(long payloads, int seed, int workers, Action<string> say, CancellationToken cancellationToken)
    {
        var run = new FuzzRun(_client, new AlarmSender(_certificates));
        var started = TimeProvider.System.GetTimestamp();
        var total = new FuzzResult();
        for (var round = 0; round < Rounds; round++)
        {
            total += await run.RunAsync((payloads + round) / Rounds, seed * Rounds + round, workers, cancellationToken);
            say($"{total.Payloads} sent, {total.Accepted} accepted, {total.ServerErrors} errors{(total.FirstError is null ? "" : $", first: {total.FirstError}")}");
        }

        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        using var self = Process.GetCurrentProcess();
        return new AlarmsReport
        {
            Payloads = total.Payloads,
            Accepted = total.Accepted,
            Refused = total.Refused,
            Unavailable = total.Unavailable,
            Unhandled = _errors.Count,
            Status5xx = total.ServerErrors,
            ForgedAccepted = total.ForgedAccepted,
            PeakMb = Math.Round(self.PeakWorkingSet64 / 1024.0 / 1024.0, 1),
            PayloadsPerS = Math.Round(total.Payloads / seconds, 1),
            AcceptedPerS = Math.Round(total.Accepted / seconds, 1),
            Seconds = Math.Round(seconds, 1),
        };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _certificates.Dispose();
        _errors.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Nobody : ISubscriptionConfirmations
    {
        public Task<bool> TryConfirmAsync(Uri address, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
