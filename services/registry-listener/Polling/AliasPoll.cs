using BlueGreen.Platform.Http;
using BlueGreen.Platform.Persistence;
using BlueGreen.RegistryListener.Endpoints;
using BlueGreen.RegistryListener.Persistence;
using BlueGreen.RegistryListener.Sources;
using BlueGreen.RegistryListener.Sources.Mlflow;
using BlueGreen.RegistryListener.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Polling;

/// <summary>
/// Asks the MLflow server which versions have the aliases that promote: it keeps its webhooks in memory and tries four times, so that one
/// can be lost. What is found is told to the intake like a webhook, once for each change.
/// </summary>
internal sealed class AliasPoll(
    MlflowRegistry registry,
    PromotionIntake intake,
    IServiceStore<RegistryListenerDbContext> store,
    IOptionsMonitor<RegistryListenerOptions> options,
    TimeProvider clock,
    ILogger<AliasPoll> log) : BackgroundService
{
    private const string AliasMark = "alias:";

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
        var (endpoints, latest) = await store.ReadAsync(async (db, token) => (
            await db.Endpoints.ToListAsync(token),
            await db.LatestPromotions.Where(row => row.Source == source).ToListAsync(token)), cancellationToken);
        foreach (var wish in endpoints.SelectMany(endpoint => Wishes(endpoint, source, settings)).GroupBy(wish => wish.Model))
        {
            var aliases = await registry.AliasesAsync(wish.Key, cancellationToken);
            if (aliases is null) continue;
            foreach (var (endpoint, model, alias) in wish)
            {
                var last = latest.FirstOrDefault(row => row.Endpoint == endpoint && row.Model == model);
                if (aliases.TryGetValue(alias, out var version) && version != last?.Version)
                    await TellAsync(source, settings, model, alias, version, last, cancellationToken);
            }
        }
    }

    /// <summary>Which alias of which model promotes to the endpoint.</summary>
    private static IEnumerable<(string Endpoint, string Model, string Alias)> Wishes(KnownEndpoint endpoint, string source, SourceOptions settings)
    {
        var rules = endpoint.Registries.Where(rule => rule.Source == source).ToList();
        foreach (var rule in rules)
        {
            foreach (var alias in Aliases(rule.On.Count > 0 ? rule.On : settings.Promotes, endpoint)) yield return (endpoint.Name, rule.Model ?? endpoint.Name, alias);
        }

        if (rules.Count > 0) yield break;
        var models = settings.Models.Where(pair => pair.Value == endpoint.Name).Select(pair => pair.Key).Append(endpoint.Name);
        foreach (var model in models.Distinct())
        {
            foreach (var alias in Aliases(settings.Promotes, endpoint)) yield return (endpoint.Name, model, alias);
        }
    }

    private static IEnumerable<string> Aliases(IEnumerable<string> marks, KnownEndpoint endpoint) => marks.Any()
        ? marks.Where(mark => mark.StartsWith(AliasMark, StringComparison.Ordinal)).Select(mark => mark[AliasMark.Length..])
        : [endpoint.PromotionStage];

    private async Task TellAsync(
        string source, SourceOptions settings, string model, string alias, string version, LatestPromotion? last, CancellationToken cancellationToken)
    {
        var check = new PromotionCheck();
        var promotion = new Promotion
        {
            Model = model,
            Version = check.Version("version", version),
            Marks = [Mark.OfAlias(alias)],
            Artifact = MlflowPromotionSource.InRegistry(model, version),
        };
        if (check.Problem is not null) return;
        // The same alias may come back to a version: then the promotion in between is another.
        var id = $"poll:{BlobDigest.Of(System.Text.Encoding.UTF8.GetBytes($"{model}\n{alias}\n{version}\n{last?.DeploymentId}"))}";
        var now = clock.GetUtcNow();
        await intake.AcceptAsync(new Incoming
        {
            Source = source,
            Options = settings,
            Schemes = options.CurrentValue.AllowedArtifactSchemes,
            DeliveryId = id,
            BodySha256 = id,
            ReceivedAt = now,
            Events = [new RegistryEvent { OccurredAt = now, Reading = new EventReading.Promoted(promotion) }],
        }, cancellationToken);
    }
}
