using System.Globalization;
using MassTransit;

namespace BlueGreen.Platform.Work;

/// <summary>Tells the saga how much of a stage was the work itself; the rest is the platform's own overhead.</summary>
public sealed class WorkTimeHeader : IPipe<PublishContext>
{
    /// <summary>Header with the handler's running time in milliseconds.</summary>
    public const string Name = "BG-Work-Milliseconds";
    private readonly string _milliseconds;

    internal WorkTimeHeader(TimeSpan took) => _milliseconds = took.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>The header's value, or null where the message did not come from a work item.</summary>
    public static double? Read(MessageContext context) =>
        context.Headers.Get<string>(Name) is { } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) ? milliseconds : null;

    public Task Send(PublishContext context)
    {
        context.Headers.Set(Name, _milliseconds);
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("work-time");
}
