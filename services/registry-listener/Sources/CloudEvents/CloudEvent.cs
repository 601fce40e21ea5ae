using System.Text;
using BlueGreen.Platform.Webhooks;
using Microsoft.Net.Http.Headers;

namespace BlueGreen.RegistryListener.Sources.CloudEvents;

/// <summary>One CloudEvent 1.0, however it came. Source: cloudevents/spec, HTTP protocol binding and JSON format.</summary>
internal sealed record CloudEvent
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required string Source { get; init; }
    public string? Subject { get; init; }
    public DateTimeOffset? Time { get; init; }

    /// <summary>Missing when the data is not JSON.</summary>
    public EventJson Data { get; init; }

    /// <summary>Unique among all producers, as the specification promises of source and id together.</summary>
    public string Key => $"{Source} {Id}";

    /// <summary>
    /// All events of a request in structured, batched or binary mode; each is an event or what is wrong with it. A body that is no
    /// CloudEvent at all is the request's problem.
    /// </summary>
    public static (IReadOnlyList<(CloudEvent? Event, FieldProblem? Problem)> Events, FieldProblem? Problem) ReadAll(WebhookRequest request)
    {
        var media = MediaTypeHeaderValue.TryParse(request.Headers.ContentType.ToString(), out var type) ? type.MediaType.Value ?? "" : "";
        if (request.Headers.ContainsKey("ce-specversion") && !media.StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase))
            return ([Binary(request, media)], null);
        if (!media.EndsWith("json", StringComparison.OrdinalIgnoreCase)) return ([], Unsupported(media));

        var (root, malformed) = EventJson.Read(request.Body);
        if (malformed is not null) return ([], malformed);
        return root.IsArray ? ([.. root.Items.Select(Structured)], null) : ([Structured(root)], null);
    }

    private static (CloudEvent? Event, FieldProblem? Problem) Structured(EventJson root)
    {
        if (!root.IsObject) return (null, Problem("body", "It must be a CloudEvent: a JSON object."));
        return Checked(name => root[name].Text, name => name, root["time"].Time, DataOf(root));
    }

    private static (CloudEvent? Event, FieldProblem? Problem) Binary(WebhookRequest request, string media)
    {
        var isJson = media.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
        EventJson data = default;
        if (isJson && request.Body.Length > 0)
        {
            (data, var malformed) = EventJson.Read(request.Body);
            if (malformed is not null) return (null, malformed);
        }

        var time = DateTimeOffset.TryParse(Header(request, "time"), System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal, out var parsed) ? parsed.ToUniversalTime() : (DateTimeOffset?)null;
        return Checked(name => Header(request, name), name => $"ce-{name}", time, data);
    }

    private static (CloudEvent? Event, FieldProblem? Problem) Checked(
        Func<string, string?> attribute, Func<string, string> field, DateTimeOffset? time, EventJson data)
    {
        foreach (var name in (string[])["specversion", "id", "source", "type"])
        {
            if (attribute(name) is null) return (null, Problem(field(name), "CloudEvents require this attribute."));
        }

        if (attribute("specversion") is var version and not "1.0")
            return (null, Problem(field("specversion"), $"Version '{version}' is not supported; send CloudEvents 1.0."));
        return (new CloudEvent
        {
            Id = attribute("id")!,
            Type = attribute("type")!,
            Source = attribute("source")!,
            Subject = attribute("subject"),
            Time = time,
            Data = data,
        }, null);
    }

    /// <summary>JSON as it is, JSON in base64, or JSON that the producer put into a string.</summary>
    private static EventJson DataOf(EventJson root)
    {
        var text = root["data_base64"].RawText is { } encoded ? Decoded(encoded) : null;
        text ??= root["data"].RawText is { } inner && inner.TrimStart().StartsWith('{') ? Encoding.UTF8.GetBytes(inner) : null;
        return text is null ? root["data"] : EventJson.Read(text).Root;
    }

    internal static byte[]? Decoded(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }

    /// <summary>Header values are percent-encoded UTF-8.</summary>
    private static string? Header(WebhookRequest request, string name) =>
        request.Headers[$"ce-{name}"] is [{ Length: > 0 } value] && Uri.UnescapeDataString(value) is var text
            && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl) ? text : null;

    private static FieldProblem Problem(string field, string detail) => new(StatusCodes.Status422UnprocessableEntity, field, detail);

    private static FieldProblem Unsupported(string media) => new(StatusCodes.Status415UnsupportedMediaType, "Content-Type",
        $"'{media}' is not supported; send `application/cloudevents+json`, `application/cloudevents-batch+json` or `ce-` headers.");
}
