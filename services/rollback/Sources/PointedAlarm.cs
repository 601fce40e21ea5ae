using BlueGreen.Rollback.Alarms;

namespace BlueGreen.Rollback.Sources;

/// <summary>An alarm in a payload of any shape, by the pointers in the source's options.</summary>
internal static class PointedAlarm
{
    private static readonly IList<string> Firing = ["firing"];
    private static readonly IList<string> Resolved = ["resolved"];

    public static AlarmReading Read(ReadOnlyMemory<byte> body, AlarmSourceOptions options, string source)
    {
        var (root, problem) = PayloadValue.Parse(body);
        if (problem is not null) return AlarmReading.Invalid(problem);
        if (Find(root, options, "status") is not { } status || status.Scalar is not { } state)
            return AlarmReading.Invalid(
                new(StatusCodes.Status422UnprocessableEntity, options.Pointers.TryGetValue("status", out var where) ? where : "status",
                "The pointer to the alarm's status must lead to a text, number or boolean."));
        if (Find(root, options, "name")?.Scalar is not { } name)
            return AlarmReading.Invalid(
                new(StatusCodes.Status422UnprocessableEntity, options.Pointers.TryGetValue("name", out var where) ? where : "name",
                "The pointer to the alarm's name must lead to a text."));

        var labels = new Labels();
        if (Find(root, options, "labels") is { } map) labels.AddTags(map);
        var startsAt = Find(root, options, "startsAt")?.Time();
        var id = Find(root, options, "id")?.Scalar;
        var named = labels.Named(name);
        var series = id ?? $"{name}|{LabelDigest.Of(named)}";
        var isFiring = IsAmong(state, options.FiringValues.Count > 0 ? options.FiringValues : Firing);
        var isResolved = IsAmong(state, options.ResolvedValues.Count > 0 ? options.ResolvedValues : Resolved);
        return AlarmReading.Of(new Alarm
        {
            Source = source,
            Name = name,
            Firing = isFiring,
            Note = isFiring || isResolved ? null : $"the status '{state}' means neither firing nor resolved",
            Labels = named,
            Series = series,
            StartsAt = startsAt,
            At = isFiring ? null : Find(root, options, "endsAt")?.Time(),
            Identity = id is null && startsAt is null ? null : $"{series}|{startsAt:O}",
            Summary = Find(root, options, "reason")?.Scalar,
            Payload = root,
        });
    }

    private static PayloadValue? Find(PayloadValue root, AlarmSourceOptions options, string what) =>
        options.Pointers.TryGetValue(what, out var pointer) && root.At(pointer) is { Exists: true } value ? value : null;

    private static bool IsAmong(string state, IList<string> values) => values.Contains(state, StringComparer.OrdinalIgnoreCase);
}
