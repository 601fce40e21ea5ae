using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Sources;

/// <summary>The alerting systems that are understood, and which of them are enabled.</summary>
internal sealed class AlarmSources(IEnumerable<IAlarmSource> adapters)
{
    private readonly Dictionary<string, IAlarmSource> _adapters = adapters.ToDictionary(adapter => adapter.Name, StringComparer.Ordinal);

    /// <summary>What understands a source of this name, with the source's options; or 404, which says what would enable it.</summary>
    public (IAlarmSource? Adapter, AlarmSourceOptions? Options, FieldProblem? Problem) Find(string source, RollbackOptions options)
    {
        var configured = options.Of(source);
        var kind = configured is { Kind.Length: > 0 } ? configured.Kind : source;
        if (!_adapters.TryGetValue(kind, out var adapter))
        {
            var known = string.Join(", ", _adapters.Keys.Order(StringComparer.Ordinal));
            return (null, null, new(StatusCodes.Status404NotFound, "path", $"There is no such source; known are {known}."));
        }

        if (configured?.IsSet(adapter.EnabledBy) == true) return (adapter, configured, null);
        var remedy = string.Join(" or ", adapter.EnabledBy.Select(option => $"{RollbackOptions.Section}:Sources:{source}:{option}"));
        return (null, null, new(StatusCodes.Status404NotFound, "path", $"The source is disabled: set {remedy}."));
    }
}
