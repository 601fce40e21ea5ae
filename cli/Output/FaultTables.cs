using System.Globalization;
using BlueGreen.Cli.Api;
using Spectre.Console;

namespace BlueGreen.Cli.Output;

/// <summary>Faults for a person.</summary>
internal static class FaultTables
{
    public static Table List(IEnumerable<FaultView> faults)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns("fault", "when", "state", "service", "message", "endpoint", "stage", "exception");
        foreach (var fault in faults)
        {
            table.AddRow(
                new Text(fault.Id.ToString()),
                new Text(fault.FaultedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                new Text(fault.State),
                new Text(fault.Service),
                new Text(fault.MessageType.Length > 0 ? fault.MessageType : "unreadable"),
                new Text(fault.Endpoint ?? "-"),
                new Text(fault.Stage is null ? "-" : $"{fault.Stage} {fault.Attempt}"),
                new Text(fault.Exception.Split('\n', 2)[0]));
        }

        return table;
    }

    public static IEnumerable<string> Details(FaultDetailsView details)
    {
        var fault = details.Fault;
        yield return $"fault {fault.Id}: {fault.State}{(fault.SettledBy is null ? "" : $" by {fault.SettledBy}")}"
            + (fault.SettledReason is null ? "" : $": {fault.SettledReason}");
        yield return $"{fault.Kind} {fault.MessageType} at {fault.Queue} of {fault.Service}, {fault.FaultedAt.ToLocalTime():yyyy-MM-dd HH:mm:ss}";
        if (fault.DeploymentId is { } deployment)
            yield return $"deployment {deployment} on {fault.Endpoint ?? "?"}, {fault.Stage ?? "no stage"} attempt {fault.Attempt?.ToString(CultureInfo.InvariantCulture) ?? "-"}";
        if (details.TraceId is { } trace) yield return $"trace {trace}";
        yield return $"{details.ExceptionType}: {fault.Exception}";
        if (details.StackTrace is { } stack) yield return stack;
        yield return details.Message is { } message ? message.GetRawText() : $"base64: {details.BodyBase64}";
    }
}
