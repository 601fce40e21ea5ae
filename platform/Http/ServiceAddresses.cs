using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Http;

/// <summary>Where services reach each other on the direct paths: blobs, windows and reverts. All else travels on the bus.</summary>
public sealed class ServiceAddresses
{
    public const string Section = "BlueGreen:Services";

    private static readonly Uri Standalone = new("http://127.0.0.1:8081/");

    /// <summary>Base address of the orchestrator's API. Default: this process, as in standalone.</summary>
    public Uri OrchestratorUrl { get; set; } = null!;

    /// <summary>Base address of env-manager's API. Default: this process, as in standalone.</summary>
    public Uri EnvManagerUrl { get; set; } = null!;

    /// <summary>Base addresses of the control surfaces of all router replicas. Default: this process alone.</summary>
    public IList<Uri> RouterUrls { get; set; } = [];

    /// <summary>Fills in the default list after binding: the configuration binder appends to a list, it does not replace it.</summary>
    internal sealed class Defaults(IConfiguration configuration) : IPostConfigureOptions<ServiceAddresses>
    {
        public void PostConfigure(string? name, ServiceAddresses options)
        {
            var own = configuration["urls"]?.Split(';')[0];
            var self = Uri.TryCreate(own, UriKind.Absolute, out var listening) ? listening : Standalone;
            options.OrchestratorUrl ??= self;
            options.EnvManagerUrl ??= self;
            if (options.RouterUrls.Count == 0) options.RouterUrls = [self];
        }
    }

    internal sealed class Validator : IValidateOptions<ServiceAddresses>
    {
        public ValidateOptionsResult Validate(string? name, ServiceAddresses options)
        {
            var problems = options.RouterUrls
                .Select((url, index) => Problem($"{Section}:{nameof(RouterUrls)}:{index}", url))
                .Prepend(Problem($"{Section}:{nameof(EnvManagerUrl)}", options.EnvManagerUrl))
                .Prepend(Problem($"{Section}:{nameof(OrchestratorUrl)}", options.OrchestratorUrl))
                .OfType<string>()
                .ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        private static string? Problem(string option, Uri? url) =>
            url is { IsAbsoluteUri: true, Scheme: "http" or "https" }
                ? null
                : $"{option} is '{url}': it must be an absolute http or https address such as {Standalone}.";
    }
}
