namespace BlueGreen.RegistryListener.Sources;

/// <summary>
/// A promotion in JSON whose fields are found by pointers, by default those of our own format: <c>/model</c>, <c>/version</c>,
/// <c>/stage</c>, <c>/artifact/uri</c>, <c>/artifact/sha256</c>, …
/// </summary>
internal static class PointedPromotion
{
    public static RegistryEvent Read(EventJson root, SourceOptions.PointerOptions pointers) => new()
    {
        Id = pointers.Id is { } id ? root.At(id).Text : null,
        OccurredAt = pointers.Time is { } time ? root.At(time).Time : null,
        Reading = Reading(root, pointers),
    };

    public static EventReading Reading(EventJson root, SourceOptions.PointerOptions pointers)
    {
        var modelAt = pointers.Model ?? "/model";
        var model = root.At(modelAt);
        if (model.IsMissing) return new EventReading.Ignored($"there is no {modelAt} in it: it is not about a model");
        var check = new PromotionCheck();
        var promotion = new Promotion
        {
            Model = check.Model(FieldOf(modelAt), model.Text),
            Version = check.Version(FieldOf(pointers.Version ?? "/version"), root.At(pointers.Version ?? "/version").Text),
            Marks = root.At(pointers.Stage ?? "/stage").Text is { } stage ? [Mark.OfStage(stage)] : [Mark.Created],
            Endpoint = check.Endpoint(FieldOf(pointers.Endpoint ?? "/endpoint"), root.At(pointers.Endpoint ?? "/endpoint").Text),
            EndpointField = FieldOf(pointers.Endpoint ?? "/endpoint"),
            Artifact = check.Artifact(
                FieldOf(pointers.ArtifactUri ?? "/artifact/uri"), root.At(pointers.ArtifactUri ?? "/artifact/uri").Text,
                FieldOf(pointers.ArtifactSha256 ?? "/artifact/sha256"), root.At(pointers.ArtifactSha256 ?? "/artifact/sha256").Text),
            PromotedBy = PromotionCheck.Person(root.At(pointers.PromotedBy ?? "/promotedBy").Text),
        };
        return check.Problem is { } problem ? new EventReading.Invalid(problem) : new EventReading.Promoted(promotion);
    }

    /// <summary>The pointer as answers name fields: <c>/model/name</c> is <c>model.name</c>.</summary>
    private static string FieldOf(string pointer) => pointer.TrimStart('/').Replace('/', '.');
}
