using System.Globalization;

namespace BlueGreen.EnvManager.Drivers.Processes;

/// <summary>One line of the kernel's process table (proc(5), <c>/proc/[pid]/stat</c>).</summary>
/// <param name="Id">Process id.</param>
/// <param name="State">R, S, D, …; Z and X have exited.</param>
/// <param name="Group">Process group.</param>
/// <param name="Session">Session; equal to the id for the process that began it.</param>
/// <param name="StartedAt">Field 22: clock ticks since boot.</param>
internal readonly record struct ProcessEntry(int Id, char State, int Group, int Session, long StartedAt)
{
    /// <summary>A process that has exited but was not waited for stays in the table.</summary>
    public bool HasExited => State is 'Z' or 'X' or 'x';

    /// <summary>Null when the text is not a stat line.</summary>
    public static ProcessEntry? Parse(string stat)
    {
        // The second field is the program's name in parentheses and may itself hold blanks and parentheses.
        var nameEnd = stat.LastIndexOf(')');
        var nameStart = stat.IndexOf('(');
        if (nameStart < 1 || nameEnd < nameStart) return null;
        var fields = stat[(nameEnd + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 20) return null;
        return int.TryParse(stat.AsSpan(0, nameStart - 1), CultureInfo.InvariantCulture, out var id)
            && int.TryParse(fields[2], CultureInfo.InvariantCulture, out var group)
            && int.TryParse(fields[3], CultureInfo.InvariantCulture, out var session)
            && long.TryParse(fields[19], CultureInfo.InvariantCulture, out var startedAt)
                ? new ProcessEntry(id, fields[0][0], group, session, startedAt)
                : null;
    }
}
