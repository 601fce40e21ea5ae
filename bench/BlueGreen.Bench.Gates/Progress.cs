using System.Globalization;

namespace BlueGreen.Bench.Gates;

/// <summary>One line that says how far the trials are; nothing where nobody watches.</summary>
internal sealed class Progress(TextWriter output, bool isWatched, int all)
{
    private const int Every = 50;
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private int _done;

    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_started);

    public void Step(string what)
    {
        var done = Interlocked.Increment(ref _done);
        if (!isWatched || done % Every != 0) return;
        lock (output) output.Write(string.Create(CultureInfo.InvariantCulture, $"\r{what,-14} {done} of {all} trials, {Elapsed.TotalSeconds:0} s  "));
    }

    /// <summary>Makes room for a line of the table.</summary>
    public void Clear()
    {
        if (isWatched) output.Write($"\r{new string(' ', 60)}\r");
    }
}
