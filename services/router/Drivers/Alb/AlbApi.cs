using System.Net.Http.Headers;
using System.Xml;
using System.Xml.Linq;
using BlueGreen.Platform.Http;

namespace BlueGreen.Router.Drivers.Alb;

/// <summary>
/// The Query protocol of Elastic Load Balancing: a form with an action, signed, and an answer in XML. Source: AWS, "Elastic Load Balancing API
/// Reference 2015-12-01".
/// </summary>
internal sealed class AlbApi(HttpClient http, TimeProvider clock)
{
    private const string Version = "2015-12-01";

    /// <returns>The action's result element; empty where it has none.</returns>
    /// <exception cref="AlbFailureException">The API refused, or did not answer.</exception>
    public async Task<XElement> AskAsync(
        AlbSettings settings, string action, IEnumerable<(string Name, string Value)> parameters, CancellationToken cancellationToken)
    {
        var fields = parameters.Prepend(("Version", Version)).Prepend(("Action", action))
            .Select(field => KeyValuePair.Create(field.Item1, field.Item2));
        using var form = new FormUrlEncodedContent(fields);
        var body = await form.ReadAsByteArrayAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded", "utf-8");
        var (key, secret, session) = await AlbCredentials.FindAsync(settings);
        if (session is not null) request.Headers.Add("X-Amz-Security-Token", session);
        AwsSignature.Sign(request, body, key, secret, settings.Region, "elasticloadbalancing", clock.GetUtcNow());
        try
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return answer.IsSuccessStatusCode
                ? Child(XDocument.Parse(text).Root, $"{action}Result") ?? new XElement("none")
                : throw new AlbFailureException($"{action} was answered {(int)answer.StatusCode}: {Reason(text)}");
        }
        catch (Exception exception) when (exception is HttpRequestException or XmlException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new AlbFailureException($"{action}: {exception.Message}", exception);
        }
    }

    public static XElement? Child(XElement? parent, string name) => parent?.Elements().FirstOrDefault(child => child.Name.LocalName == name);

    public static string Text(XElement? parent, string name) => Child(parent, name)?.Value ?? "";

    /// <summary>The members of a list.</summary>
    public static IEnumerable<XElement> Members(XElement? parent, string name) => Child(parent, name)?.Elements() ?? [];

    private static string Reason(string text)
    {
        try
        {
            var error = Child(XDocument.Parse(text).Root, "Error");
            return $"{Text(error, "Code")}: {Text(error, "Message")}";
        }
        catch (XmlException)
        {
            return "no reason given";
        }
    }
}
