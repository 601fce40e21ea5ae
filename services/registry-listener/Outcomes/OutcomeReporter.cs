using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using BlueGreen.Platform.Webhooks;
using BlueGreen.Platform.Work;
using BlueGreen.RegistryListener.Polling;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Outcomes;

/// <summary>
/// Tells the registry: MLflow and Databricks by tags on the version (and, of what was committed, an alias), any registry by a signed POST to
/// its <c>OutcomeUrl</c>. What does not answer is tried again as any work is; what says no is left at that.
/// </summary>
internal sealed class OutcomeReporter(
    MlflowRegistry mlflow, IHttpClientFactory clients, IOptionsMonitor<RegistryListenerOptions> options, TimeProvider clock, ILogger<OutcomeReporter> log)
    : IWorkHandler<ReportOutcome>
{
    public const string ClientName = "registry-outcomes";
    private const int MaxTag = 5000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task<WorkOutcome> RunAsync(ReportOutcome command, IWorkLease lease, CancellationToken cancellationToken)
    {
        if (options.CurrentValue.EnabledOf(command.Source) is not { } source) return WorkOutcome.Silent;
        await lease.EnsureHeldAsync(cancellationToken);
        if (source.OutcomeUrl is { } url) await PostAsync(command, url, source.Secret, cancellationToken);
        if ((source.Format ?? command.Source) is "mlflow" or "databricks" && mlflow.IsConfigured) await TagAsync(command, source.LiveAlias, cancellationToken);
        return WorkOutcome.Silent;
    }

    public WorkOutcome GiveUp(ReportOutcome command, string reason)
    {
        log.OutcomeNotReported(command.DeploymentId, command.Source, reason);
        return WorkOutcome.Silent;
    }

    private async Task TagAsync(ReportOutcome command, string? alias, CancellationToken cancellationToken)
    {
        (string Key, string Value)[] tags =
        [
            ("bluegreen.status", command.Status), ("bluegreen.deployment", command.DeploymentId.ToString()), ("bluegreen.endpoint", command.Endpoint),
            ("bluegreen.at", command.EndedAt.ToString("O", CultureInfo.InvariantCulture)), ("bluegreen.reason", command.Reason ?? "none"),
        ];
        foreach (var (key, value) in tags)
        {
            if (!await mlflow.TagAsync(command.Model, command.Version, key, value[..Math.Min(value.Length, MaxTag)], cancellationToken)) return;
        }

        if (alias is not null && command.Status == "committed") await mlflow.AliasAsync(command.Model, command.Version, alias, cancellationToken);
    }

    private async Task PostAsync(ReportOutcome command, Uri url, string secret, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(command, JsonSerializerOptions.Web);
        var (id, stamp) = ($"{command.DeploymentId:N}.{command.Status}", clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-BlueGreen-Delivery", id);
        request.Headers.Add("X-BlueGreen-Timestamp", stamp);
        request.Headers.Add("X-BlueGreen-Signature", $"sha256={Convert.ToHexStringLower(WebhookSignature.Compute(secret, $"{id}.{stamp}.", body))}");
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var response = await clients.CreateClient(ClientName).SendAsync(request, either.Token);
        var status = (int)response.StatusCode;
        if (status is 408 or 425 or 429 or >= 500) throw new HttpRequestException($"{url.GetLeftPart(UriPartial.Path)} answered {status}.");
        if (status >= 300) log.OutcomeNotReported(command.DeploymentId, command.Source, $"{url.GetLeftPart(UriPartial.Path)} answered {status}");
    }
}
