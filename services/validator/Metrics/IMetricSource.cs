using BlueGreen.Contracts;

namespace BlueGreen.Validator.Metrics;

/// <summary>Asks one kind of monitoring system for one number. What goes wrong there is data, never an exception.</summary>
internal interface IMetricSource
{
    /// <summary>The name policies use, e.g. <c>prometheus</c>.</summary>
    string Kind { get; }

    /// <param name="source">Address and query, placeholders filled in.</param>
    /// <param name="secret">What the policy's <c>secretRef</c> stands for; null: none.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<MetricSample> ReadAsync(MetricSource source, string? secret, CancellationToken cancellationToken);

    /// <summary>The same, by a kind that tells the other side whom the question is about.</summary>
    Task<MetricSample> ReadAsync(MetricSource source, MetricSubject subject, string? secret, CancellationToken cancellationToken) =>
        ReadAsync(source, secret, cancellationToken);
}

/// <summary>Whom a measurement is about.</summary>
internal sealed record MetricSubject(string Endpoint, Guid EnvironmentId, string Model, string Version);

/// <summary>One measurement.</summary>
/// <param name="Value">A finite number; null when there is none.</param>
/// <param name="Why">Why there is none.</param>
/// <param name="IsError">True when the source did not answer as it should; false when it answered that it has no data.</param>
internal sealed record MetricSample(double? Value, string? Why, bool IsError)
{
    public static MetricSample Empty(string why) => new(null, why, IsError: false);

    public static MetricSample Error(string why) => new(null, why, IsError: true);

    /// <summary>NaN and the infinities are no data: 0/0 must not pass, and no limit is above infinity by accident.</summary>
    public static MetricSample Of(double value) =>
        double.IsFinite(value) ? new(value, null, IsError: false) : Empty($"the value is {value.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
}
