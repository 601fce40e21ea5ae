using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources.HuggingFace;

/// <summary>
/// Hugging Face webhooks, version 3: the secret itself comes back in <c>X-Webhook-Secret</c>, or as <c>?secret=</c> of the address that was
/// entered there. A promotion is a git tag or branch of a model
/// repository that was moved; the version is the commit.
/// </summary>
internal sealed class HuggingFacePromotionSource : IPromotionSource
{
    public const string SecretHeader = "X-Webhook-Secret";
    private const string SecretQuery = "secret";
    private const string Tags = "refs/tags/";
    private const string Heads = "refs/heads/";

    public string Name => "huggingface";

    public Authentication Authenticate(WebhookRequest request, SourceOptions source)
    {
        // All of them are compared, whichever is right: the time taken says nothing.
        var isKnown = false;
        foreach (var presented in request.Headers[SecretHeader].Concat(request.Query[SecretQuery]))
            isKnown |= !string.IsNullOrEmpty(presented) && WebhookSignature.IsSameText(source.Secret, presented);
        return isKnown
            ? new Authentication.Authentic(null)
            : Authentication.Refuse(SecretHeader, "It must be the secret that the webhook was created with; `?secret=…` in the webhook's address does as well.");
    }

    public WebhookReading Read(WebhookRequest request, SourceOptions source)
    {
        var (root, malformed) = EventJson.Read(request.Body);
        if (malformed is not null) return new WebhookReading.Refused(malformed);
        if (root["event"]["action"].Text is not { } action) return WebhookReading.Of(EventReading.Missing("event.action"));
        if (root["event"]["scope"].Text is not { } scope) return WebhookReading.Of(EventReading.Missing("event.scope"));
        // Unknown narrower scopes are to be taken for the broader one.
        if (action is not ("update" or "create") || (scope != "repo.content" && !scope.StartsWith("repo.content.", StringComparison.Ordinal)))
            return WebhookReading.Of(new EventReading.Ignored($"{action} of {scope} is not a promotion"));
        if (root["repo"]["type"].Text is var type and not "model")
            return WebhookReading.Of(new EventReading.Ignored($"the repository is a {type ?? "thing of no type"}, not a model"));
        var moved = root["updatedRefs"].Items.Where(item => item["newSha"].Text is not null).ToList();
        return moved.Count == 0
            ? WebhookReading.Of(new EventReading.Ignored("no tag or branch was moved"))
            : new WebhookReading.Events([.. ByCommit(root["repo"], moved).Select(RegistryEvent.Of)]);
    }

    /// <summary>A branch and a tag on one commit are one version, with two marks.</summary>
    private static IEnumerable<EventReading> ByCommit(EventJson repo, List<EventJson> moved) =>
        from item in moved
        group item by item["newSha"].Text into commit
        select Promoted(repo, commit.Key, [.. commit.Select(item => item["ref"].Text).OfType<string>().Select(Marked)]);

    private static EventReading Promoted(EventJson repo, string? commit, IReadOnlyList<Mark> marks)
    {
        var check = new PromotionCheck();
        var promotion = new Promotion
        {
            Model = check.Model("repo.name", repo["name"].Text),
            Version = check.Version("updatedRefs.newSha", commit),
            Marks = marks,
        };
        return check.Problem is { } problem ? new EventReading.Invalid(problem) : new EventReading.Promoted(promotion);
    }

    private static Mark Marked(string reference)
    {
        if (reference.StartsWith(Tags, StringComparison.Ordinal)) return new Mark($"tag:{reference[Tags.Length..]}", reference[Tags.Length..]);
        return reference.StartsWith(Heads, StringComparison.Ordinal)
            ? new Mark($"branch:{reference[Heads.Length..]}", reference[Heads.Length..])
            : new Mark($"ref:{reference}", null);
    }
}
