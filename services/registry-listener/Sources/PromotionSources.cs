using BlueGreen.Platform.Http;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>A source as it is configured here.</summary>
/// <param name="Name">Its name in the webhook's path and in the options.</param>
/// <param name="Format">Who reads it.</param>
/// <param name="Options">Its credentials and what its events mean.</param>
internal sealed record ConfiguredSource(string Name, IPromotionSource Format, SourceOptions Options);

/// <summary>The sources by the name in the webhook's path.</summary>
internal sealed class PromotionSources(IEnumerable<IPromotionSource> formats, IOptionsMonitor<RegistryListenerOptions> options)
{
    private readonly Dictionary<string, IPromotionSource> _formats = formats.ToDictionary(format => format.Name, StringComparer.Ordinal);

    public (ConfiguredSource? Source, IResult? Unknown) Find(string name)
    {
        var enabled = options.CurrentValue.EnabledOf(name);
        if (_formats.TryGetValue(enabled?.Format ?? name, out var format))
        {
            return enabled is not null
                ? (new ConfiguredSource(name, format, enabled), null)
                : (null, ProblemResults.NotFound($"The source is disabled: set {RegistryListenerOptions.Section}:Sources:{format.Name}:Secret."));
        }

        return (null, ProblemResults.NotFound($"There is no such source; known are {string.Join(", ", _formats.Keys.Order(StringComparer.Ordinal))}."));
    }
}
