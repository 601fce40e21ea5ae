using System.Text;
using BlueGreen.Orchestrator.Blobs;
using BlueGreen.Orchestrator.Policies;
using BlueGreen.Platform.Http;
using Microsoft.Net.Http.Headers;

namespace BlueGreen.Orchestrator.Endpoints;

/// <summary>Policies in, endpoints out.</summary>
internal static class EndpointEndpoints
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void MapEndpointPolicies(this IEndpointRouteBuilder api)
    {
        var endpoints = api.MapGroup("/endpoints").WithTags("Endpoints");
        endpoints.MapGet("/", ListAsync).WithName("ListEndpoints").WithSummary("All endpoints and what is live there.");
        endpoints.MapGet("/{name}", GetAsync).WithName("GetEndpoint").WithSummary("One endpoint and what is live there.");
        endpoints.MapGet("/{name}/policy", GetPolicyAsync).WithName("GetPolicy").WithSummary("The endpoint's policy as it was written.");
        endpoints.MapPut("/{name}", PutAsync).WithName("PutEndpoint").WithSummary("Stores the endpoint's policy.")
            // The wildcard leaves the refusal of other types to us: it names the header.
            .Accepts<Stream>("application/yaml", "application/json", "*/*");
        api.MapGet("/policy-schema", () => Results.Text(PolicySchema.Text, "application/schema+json"))
            .WithTags("Endpoints").WithName("GetPolicySchema").WithSummary("JSON Schema of a policy.");
    }

    private static async Task<IReadOnlyList<EndpointView>> ListAsync(EndpointStore endpoints, CancellationToken cancellationToken) =>
        (await endpoints.ListAsync(cancellationToken)).ConvertAll(EndpointView.From);

    private static async Task<IResult> GetAsync(string name, EndpointStore endpoints, CancellationToken cancellationToken) =>
        await endpoints.FindAsync(name, cancellationToken) is { } row ? Results.Ok(EndpointView.From(row)) : Unknown(name);

    private static async Task<IResult> GetPolicyAsync(string name, EndpointStore endpoints, CancellationToken cancellationToken) =>
        await endpoints.FindAsync(name, cancellationToken) is { } row ? Results.Text(row.PolicyText, "text/plain; charset=utf-8") : Unknown(name);

    private static async Task<IResult> PutAsync(
        string name, HttpRequest request, EndpointStore endpoints, CancellationToken cancellationToken, bool dryRun = false)
    {
        if (FormatOf(request) is not { } format)
            return ProblemResults.Invalid(415, "Content-Type", "Send the policy as application/yaml or application/json.");
        if (await LimitedBody.ReadAsync(request, PolicyParser.MaxLength, cancellationToken) is not { } body)
            return ProblemResults.Invalid(413, "body", $"A policy has at most {PolicyParser.MaxLength} bytes.");
        if (Decode(body) is not { } text) return ProblemResults.Invalid(422, "policy", "The policy is not UTF-8 text.");

        var parsed = PolicyParser.Parse(text, format, NoPolicyFiles.Instance);
        if (parsed.Policy is not { } policy) return PolicyProblem.Of(parsed.Errors);
        if (policy.Name != name)
            return PolicyProblem.Of([parsed.ErrorAt(
                "metadata.name", $"The policy is for '{policy.Name}', but it was sent to '{name}': make them equal.")]);

        var applied = await endpoints.ApplyAsync(text, parsed, dryRun, cancellationToken);
        if (applied.Problem is { } problem) return PolicyProblem.Of([problem]);
        var stored = new PolicyStored(name, applied.PolicyHash, applied.Revision, applied.Change != EndpointChange.None, dryRun);
        return applied.Change == EndpointChange.Created && !dryRun
            ? Results.Created($"/api/v1/endpoints/{name}", stored)
            : Results.Ok(stored);
    }

    private static IResult Unknown(string name) => ProblemResults.NotFound($"There is no endpoint '{name}'.");

    private static PolicyFormat? FormatOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type.MediaType.Value?.ToLowerInvariant() switch
        {
            "application/yaml" or "application/x-yaml" or "text/yaml" or "text/x-yaml" => PolicyFormat.Yaml,
            "application/json" => PolicyFormat.Json,
            _ => null,
        } : null;

    private static string? Decode(byte[] body)
    {
        try
        {
            var text = StrictUtf8.GetString(body);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
