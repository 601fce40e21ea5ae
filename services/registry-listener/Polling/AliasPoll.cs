using BlueGreen.Platform.Http;
using BlueGreen.Platform.Persistence;
using BlueGreen.RegistryListener.Persistence;
using BlueGreen.RegistryListener.Sources;
using BlueGreen.RegistryListener.Sources.Mlflow;
using BlueGreen.RegistryListener.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Polling;

/// <summary>
/// Asks the MLflow server which versions have the aliases that promote: it keeps its webhooks in memory and tries four times, so that one
/// can be lost. An alias that moved since it was seen last is told to the intake like a webhook, once.
/// </summary>
internal sealed class AliasPoll(
    MlflowRegistry registry,
    PromotionIntake intake,
    IServiceStore<RegistryListenerDbContext> store,
    IOptionsMonitor<RegistryListenerOptions> options,
    TimeProvider clock,
    ILogger<AliasPoll> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!registry.IsConfigured) return;
        using var timer = new PeriodicTimer(options.CurrentValue.PollInterval, clock);
        try
        {
            do await RoundAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutdown.
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var name in options.CurrentValue.Sources.Where(source => (source.Value.Format ?? source.Key) == "mlflow").Select(source => source.Key))
                await AskAsync(name, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.PollFailed(exception);
        }
    }

    private async Task AskAsync(string source, CancellationToken cancellationToken)
    {
        if (options.CurrentValue.EnabledOf(source) is not { } settings) return;
        // Read before the registry is asked: what is written meanwhile is newer than its answer.
        var (endpoints, latest, seen) = await store.ReadAsync(async (db, token) => (
            await db.Endpoints.ToListAsync(token),
            await db.LatestPromotions.Where(row => row.Source == source).ToListAsync(token),
            await db.SeenAliases.Where(row => row.Source == source).ToListAsync(token)), cancellationToken);
        var promotions = latest.ToDictionary(row => (row.Endpoint, row.Model));
        var sightings = seen.ToDictionary(row => new AliasKey(row.Source, row.Model, row.Alias, row.Endpoint));
        foreach (var model in endpoints.SelectMany(endpoint => AliasWishes.Of(endpoint, source, settings)).Distinct().GroupBy(wish => wish.Model))
        {
            if (await registry.AliasesAsync(model.Key, cancellationToken) is not { } aliases) continue;
            var (moved, unmoved) = Compare(model, aliases, sightings, promotions);
            if (unmoved.Count > 0) await NoteAsync(source, model.Key, unmoved, cancellationToken);
            if (moved.Count > 0) await TellAsync(source, settings, moved, cancellationToken);
        }
    }

    /// <summary>What is new, apart by whether it is a promotion that nobody announced.</summary>
    private static (List<AliasSighting> Moved, List<AliasSighting> Unmoved) Compare(
        IEnumerable<AliasKey> wishes, IReadOnlyDictionary<string, string> aliases,
        Dictionary<AliasKey, SeenAlias> seen, Dictionary<(string Endpoint, string Model), LatestPromotion> latest)
    {
        var (moved, unmoved) = (new List<AliasSighting>(), new List<AliasSighting>());
        foreach (var key in wishes)
        {
            var (before, promoted) = (seen.GetValueOrDefault(key), latest.GetValueOrDefault((key.Endpoint, key.Model)));
            var version = aliases.GetValueOrDefault(key.Alias, "");
            // An alias that is gone keeps its last place: what an answer merely left out shall not come back as a promotion.
            if (before is not null && (version.Length == 0 || version == before.Version)) continue;
            // Where something was promoted before this alias was ever seen, nobody knows which of the two is the older.
            var isPromotion = version.Length > 0 && version != promoted?.Version && (before is not null || promoted is null);
            (isPromotion ? moved : unmoved).Add(new AliasSighting(key, version, before?.Revision ?? 0));
        }

        return (moved, unmoved);
    }

    private async Task NoteAsync(string source, string model, List<AliasSighting> sightings, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(async (transaction, token) =>
            {
                var seen = await SeenAliases.LoadAsync(transaction.Db, [source], [model], token);
                foreach (var sighting in sightings.Where(seen.IsNews)) seen.Note(sighting.Key, sighting.Version, clock.GetUtcNow());
                return true;
            }, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Somebody else noted one of them meanwhile; the rest is found again in the next round.
        }
    }

    /// <summary>All of a model at once: of two aliases that were never seen, none makes the other old news.</summary>
    private async Task TellAsync(string source, SourceOptions settings, List<AliasSighting> moved, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var events = moved.Select(sighting => Event(sighting, now)).OfType<RegistryEvent>().ToList();
        if (events.Count == 0) return;
        await intake.AcceptAsync(new Incoming
        {
            Source = source,
            Options = settings,
            Schemes = options.CurrentValue.AllowedArtifactSchemes,
            BodySha256 = events[0].Id!,
            ReceivedAt = now,
            Events = events,
        }, cancellationToken);
    }

    private static RegistryEvent? Event(AliasSighting sighting, DateTimeOffset now)
    {
        var key = sighting.Key;
        var check = new PromotionCheck();
        var promotion = new Promotion
        {
            Model = key.Model,
            Version = check.Version("version", sighting.Version),
            Marks = [Mark.OfAlias(key.Alias)],
            Artifact = MlflowPromotionSource.InRegistry(key.Model, sighting.Version),
        };
        if (check.Problem is not null) return null;
        // The same alias may come back to a version: then the sighting before it is another.
        var text = $"{key.Model}\n{key.Alias}\n{key.Endpoint}\n{sighting.Version}\n{sighting.Revision}";
        return new RegistryEvent
        {
            Id = $"poll:{BlobDigest.Of(System.Text.Encoding.UTF8.GetBytes(text))}",
            OccurredAt = now,
            Reading = new EventReading.Promoted(promotion),
            Sighting = sighting,
        };
    }
}
