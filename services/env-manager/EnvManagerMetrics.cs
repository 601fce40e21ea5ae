using System.Diagnostics;
using System.Diagnostics.Metrics;
using BlueGreen.Platform.Telemetry;

namespace BlueGreen.EnvManager;

/// <summary>Env-manager's instruments.</summary>
internal sealed class EnvManagerMetrics
{
    private readonly Gauge<long> _environments = PlatformTelemetry.Meter.CreateGauge<long>(
        "bluegreen.environments", "{environment}", "Environments that exist, by state and by what their route wants of them.");

    private readonly Histogram<double> _provisioning = PlatformTelemetry.Meter.CreateHistogram<double>(
        "bluegreen.provisioning.duration", "s", "From the command to the outcome.");

    private readonly Counter<long> _restarts = PlatformTelemetry.Meter.CreateCounter<long>(
        "bluegreen.replica.restarts", "{restart}", "Replicas of live and standby environments that were started again.");

    private readonly Counter<long> _reaped = PlatformTelemetry.Meter.CreateCounter<long>(
        "bluegreen.environments.reaped", "{environment}", "Environments torn down without a command: expired, or strays.");

    private readonly Gauge<long> _unready = PlatformTelemetry.Meter.CreateGauge<long>(
        "bluegreen.replicas.unready", "{replica}", "Replicas of live and standby environments that do not answer, by role. Page when above 0.");

    public void Environments(string state, string role, long count) =>
        _environments.Record(count, new TagList { { "state", state }, { "role", role } });

    public void Provisioned(TimeSpan duration, bool succeeded) =>
        _provisioning.Record(duration.TotalSeconds, new TagList { { "outcome", succeeded ? "provisioned" : "failed" } });

    public void Restarted(string endpoint) => _restarts.Add(1, new TagList { { "endpoint", endpoint } });

    public void Reaped(string why) => _reaped.Add(1, new TagList { { "why", why } });

    public void Unready(string role, long count) => _unready.Record(count, new TagList { { "role", role } });
}
