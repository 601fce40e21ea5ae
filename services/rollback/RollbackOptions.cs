using System.ComponentModel.DataAnnotations;
using BlueGreen.Rollback.Notifying;
using BlueGreen.Rollback.Sources;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback;

/// <summary>Which alerting systems are heard and how the routers are reached.</summary>
public sealed class RollbackOptions
{
    public const string Section = "BlueGreen:Rollback";

    /// <summary>Alerting systems by the last segment of their address, e.g. <c>alertmanager</c>. A source without credentials is disabled.</summary>
    public Dictionary<string, AlarmSourceOptions> Sources { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Targets of notifications by name; policies name them as <c>rollback.notify[].secretRef</c>.</summary>
    public Dictionary<string, NotifyTargetOptions> Targets { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Largest body in bytes. Default: 8 MiB, because an alarm that is refused for its size is not sent again and a group of alarms grows
    /// with the outage that it reports.
    /// </summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// Bytes of bodies that may be in memory at once, of senders that have shown a token and, apart from these, of all others; more are
    /// answered 503. Not below <see cref="MaxBodyBytes"/>. Default: 128 MiB.
    /// </summary>
    [Range(64 * 1024, long.MaxValue)]
    public long MemoryLimitBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>Longest wait for one answer of one router. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan RouterTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the connections to the routers are used so that they stay open. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:30")]
    public TimeSpan KeepWarmInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a revert may find no router before people are told; it goes on being tried. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan TellAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for the database before an alarm that was acted on is answered 503. Default: 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Alarm requests that may wait for the database at once; more are acted on and answered 503. Default: 64.</summary>
    [Range(1, 10_000)]
    public int MaxStoring { get; set; } = 64;

    /// <summary>How often the alarm rules are read from the database. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RulesInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after a revert further alarms of the endpoint count as its echo: they speak of what was reverted, and not of the next
    /// deployment. Default: 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan EchoTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long alarms are remembered. Default: 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan AlarmRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The options of a source by the last segment of its address; null when there are none.</summary>
    internal AlarmSourceOptions? Of(string source) => Sources.GetValueOrDefault(source);

    internal sealed class Validator(IOptions<SmtpOptions> smtp) : IValidateOptions<RollbackOptions>
    {
        private static readonly TimeSpan ShortestAge = TimeSpan.FromMinutes(1);

        public ValidateOptionsResult Validate(string? name, RollbackOptions options)
        {
            var weak = options.Sources
                .SelectMany(source => new[] { (source.Key, Option: "Token", Value: source.Value.Token), (source.Key, Option: "Secret", Value: source.Value.Secret) })
                .Where(credential => credential.Value is { Length: > 0 and < AlarmSourceOptions.MinimumLength })
                .Select(credential => $"{Section}:Sources:{credential.Key}:{credential.Option} is too short: use at least " +
                    $"{AlarmSourceOptions.MinimumLength} characters, e.g. from `openssl rand -hex 32`.")
                .ToList();
            weak.AddRange(options.Sources
                .Where(source => source.Value.MaxAge < ShortestAge)
                .Select(source => $"{Section}:Sources:{source.Key}:MaxAge must be at least {ShortestAge}."));
            if (options.MemoryLimitBytes < options.MaxBodyBytes)
                weak.Add($"{Section}:MemoryLimitBytes must not be below {Section}:MaxBodyBytes.");
            weak.AddRange(options.Targets
                .Select(target => (target.Key, Problem: target.Value.Problem(smtp.Value)))
                .Where(target => target.Problem is not null)
                .Select(target => $"{Section}:Targets:{target.Key}: {target.Problem}."));
            return weak.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(weak);
        }
    }
}
