using System.Net;
using System.Text.Json;

namespace BlueGreen.Cli.Api;

/// <summary>Translates answers that are no success into exit codes.</summary>
internal static class ApiFailure
{
    public static async Task<CommandFailure> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var problem = Parse(await response.Content.ReadAsByteArrayAsync(ct)) ?? new Problem { Title = response.ReasonPhrase };
        if (response.StatusCode == HttpStatusCode.Unauthorized && problem.Detail is null)
        {
            problem = problem with { Field = "Authorization", Detail = "The platform wants an operator's token: --token or BLUEGREEN_TOKEN." };
        }

        return new CommandFailure(ExitCodeOf(response.StatusCode), problem with { Status = (int)response.StatusCode });
    }

    public static CommandFailure Unreachable(Uri server, string why) => new(ExitCode.Unreachable, new Problem
    {
        Title = "The platform does not answer.",
        Field = "--server",
        Detail = $"{server}: {why}. Is it running, and is this its control address (BLUEGREEN_URL)?",
    });

    public static CommandFailure NotThePlatform(Uri server) => new(ExitCode.Unreachable, new Problem
    {
        Title = "The answer is not the platform's.",
        Field = "--server",
        Detail = $"{server} answered with something that is not JSON. Is this the control address (BLUEGREEN_URL)?",
    });

    private static int ExitCodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.Unauthorised,
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Conflict => ExitCode.Conflict,
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => ExitCode.Unreachable,
        _ => ExitCode.Refused,
    };

    private static Problem? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ApiJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
