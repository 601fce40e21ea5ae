using BlueGreen.Contracts;

namespace BlueGreen.Validator.Metrics;

/// <summary>Every kind of source behind one question.</summary>
internal sealed class MetricSources(IEnumerable<IMetricSource> sources, IConfiguration configuration)
{
    /// <param name="source">As the policy has it.</param>
    /// <param name="endpoint">For <c>{endpoint}</c> in the query.</param>
    /// <param name="green">For <c>{environment}</c> and <c>{version}</c>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<MetricSample> ReadAsync(MetricSource source, string endpoint, Fleet green, CancellationToken cancellationToken)
    {
        if (sources.FirstOrDefault(known => known.Kind == source.Kind) is not { } found)
            return MetricSample.Error($"there is no metric source '{source.Kind}'");
        // A mounted file ends with a line break, which no header can carry.
        var secret = source.SecretRef is { } name ? configuration[$"{MetricOptions.Secrets}:{name}"]?.Trim() : null;
        if (source.SecretRef is not null && secret is null) return MetricSample.Error($"the secret '{source.SecretRef}' is not configured");
        var query = source.Query.Replace("{endpoint}", endpoint, StringComparison.Ordinal)
            .Replace("{environment}", green.EnvironmentId.ToString(), StringComparison.Ordinal)
            .Replace("{version}", green.Version, StringComparison.Ordinal);
        var subject = new MetricSubject(endpoint, green.EnvironmentId, green.Model, green.Version);
        return await found.ReadAsync(source with { Query = query }, subject, secret, cancellationToken);
    }
}
