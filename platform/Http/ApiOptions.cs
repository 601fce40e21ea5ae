using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Http;

/// <summary>Who may use the operator API.</summary>
public sealed class ApiOptions
{
    public const string Section = "BlueGreen:Api";

    /// <summary>Fewest characters of <see cref="Token"/>.</summary>
    public const int MinimumTokenLength = 16;

    /// <summary>
    /// The operator's bearer token, at least 16 characters; services present it to each other too. Required, without a default:
    /// a token that everybody knows protects nothing.
    /// </summary>
    public string Token { get; set; } = "";

    internal sealed class Validator : IValidateOptions<ApiOptions>
    {
        private const string Remedy =
            $"Set {Section}:{nameof(Token)} in the configuration, or the environment variable BlueGreen__Api__{nameof(Token)}, " +
            "to a secret of at least 16 characters, e.g. from `openssl rand -hex 32`.";

        public ValidateOptionsResult Validate(string? name, ApiOptions options)
        {
            if (string.IsNullOrWhiteSpace(options.Token))
                return ValidateOptionsResult.Fail($"{Section}:{nameof(Token)} is not set. {Remedy}");
            if (options.Token.Length < MinimumTokenLength)
                return ValidateOptionsResult.Fail($"{Section}:{nameof(Token)} is too short. {Remedy}");
            if (options.Token.Any(character => character is <= ' ' or > '~'))
                return ValidateOptionsResult.Fail(
                    $"{Section}:{nameof(Token)} has characters that an HTTP header cannot carry: use printable ASCII without spaces.");
            return ValidateOptionsResult.Success;
        }
    }
}
