using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.hooks</c>.</summary>
internal static partial class HookSections
{
    private static readonly string[] Moments =
        ["confirm-rollout", "pre-rollout", "confirm-switch", "rollout", "rollback", "post-rollout", "event"];

    public static IReadOnlyList<Hook> Read(PolicySection spec)
    {
        var hooks = spec.Sections("hooks", "Steps of your own, called over HTTP. Default: none.", ReadHook, () => [], new JsonArray());
        spec.Rule(hooks.DistinctBy(hook => hook.Name).Count() == hooks.Count, "Two hooks have the same name.", "hooks");
        return hooks;
    }

    private static Hook ReadHook(PolicySection hook) => new()
    {
        Name = hook.Required(
            "name", Text(NameRegex(), "a name of 1 to 63 lower-case letters, digits and inner hyphens", "change-board"), "How the history names it."),
        When = hook.Required("when", OneOf(Moments), "`confirm-rollout`: may anything be built; `pre-rollout`: a step before the switch; "
            + "`confirm-switch`: may traffic move; `rollout`: does the bake go well; `rollback`: is a rollback wanted; "
            + "`post-rollout`: it has ended; `event`: every change of state."),
        Url = ReadUrl(hook),
        Timeout = hook.Value("timeout", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), TimeSpan.FromSeconds(10), "How long one call may take."),
        Attempts = hook.Value("attempts", Whole(1, 100), 3, "Calls without an answer (for `rollout`: bad looks) in a row that count as a no."),
        Interval = hook.Value("interval", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), TimeSpan.FromSeconds(10), "Pause before it is asked again."),
        SecretRef = hook.Value("secretRef", Text(SecretRegex(), "the name of a secret", "hooks"), "", "Secret that signs the calls.", "none") is { Length: > 0 } secret ? secret : null,
    };

    private static Uri ReadUrl(PolicySection hook)
    {
        var text = hook.Required("url", Text(UrlRegex(), "an http or https URL without credentials", "https://hooks.example/approve"), "Where it is called, by POST.");
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)) return url;
        hook.Rule(false, $"'{text}' is no URL.", "url");
        return new Uri("about:blank");
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.ECMAScript)]
    private static partial Regex NameRegex();

    [GeneratedRegex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$", RegexOptions.ECMAScript)]
    private static partial Regex UrlRegex();

    [GeneratedRegex("^[A-Za-z0-9._-]{1,63}$", RegexOptions.ECMAScript)]
    private static partial Regex SecretRegex();
}
