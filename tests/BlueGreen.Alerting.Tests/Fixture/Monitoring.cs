namespace BlueGreen.Alerting.Tests.Fixture;

/// <summary>A real Prometheus that scrapes a router, with an error-rate rule, and a real Alertmanager behind it that posts to the rollback service.</summary>
internal sealed class Monitoring : IAsyncDisposable
{
    private readonly SystemProcess _alertmanager;
    private readonly SystemProcess _prometheus;

    private Monitoring(SystemProcess alertmanager, SystemProcess prometheus) => (_alertmanager, _prometheus) = (alertmanager, prometheus);

    public static async Task<Monitoring> StartAsync(string folder, int platform, string token)
    {
        var alertmanager = await StartAlertmanagerAsync(folder, platform, token);
        return new Monitoring(alertmanager, await StartPrometheusAsync(folder, platform, alertmanager.Port));
    }

    public string Said() => $"Alertmanager: {_alertmanager.Said()}\nPrometheus: {_prometheus.Said()}";

    public async ValueTask DisposeAsync()
    {
        await _prometheus.DisposeAsync();
        await _alertmanager.DisposeAsync();
    }

    private static async Task<SystemProcess> StartAlertmanagerAsync(string folder, int platform, string token)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "alertmanager.yml"), $"""
            route:
              receiver: bluegreen
              group_by: [endpoint]
              group_wait: 100ms
              group_interval: 1s
              repeat_interval: 1h
            receivers:
              - name: bluegreen
                webhook_configs:
                  - url: http://127.0.0.1:{platform}/alarms/alertmanager
                    send_resolved: true
                    http_config:
                      authorization:
                        credentials: "{token}"
            """, TestContext.Current.CancellationToken);
        var port = SystemProcess.FreePort();
        return await SystemProcess.StartAsync(
            RealSystems.Alertmanager, folder, port, "--config.file=alertmanager.yml", "--storage.path=alertmanager",
            $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=");
    }

    private static async Task<SystemProcess> StartPrometheusAsync(string folder, int platform, int alertmanager)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $$"""
            global:
              scrape_interval: 500ms
              scrape_timeout: 500ms
              evaluation_interval: 500ms
            rule_files: [rules.yml]
            alerting:
              alertmanagers:
                - static_configs: [ { targets: ["127.0.0.1:{{alertmanager}}"] } ]
            scrape_configs:
              - job_name: router
                static_configs: [ { targets: ["127.0.0.1:{{platform}}"] } ]
            """,
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), """
            groups:
              - name: models
                rules:
                  - alert: ModelErrorsHigh
                    expr: |
                      sum by (environment, version) (rate(bluegreen_router_requests_total{status_class="5xx"}[5s]))
                        / sum by (environment, version) (rate(bluegreen_router_requests_total[5s])) > 0.2
                    for: 1s
                    labels: { endpoint: fraud }
                    annotations:
                      summary: '{{ $value | humanizePercentage }} of the requests to {{ $labels.version }} fail'
            """, TestContext.Current.CancellationToken);
        var port = SystemProcess.FreePort();
        return await SystemProcess.StartAsync(
            RealSystems.Prometheus, folder, port, "--config.file=prometheus.yml", "--storage.tsdb.path=prometheus", $"--web.listen-address=127.0.0.1:{port}");
    }
}
