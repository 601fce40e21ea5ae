namespace BlueGreen.RegistryListener.Sources.Vertex;

/// <summary>
/// One entry of Vertex AI's audit log. Uploading and updating a model or merging its aliases may promote; the model is known by its id,
/// which does not change, not by its display name, which does.
/// </summary>
internal static class AuditEntry
{
    private const string Service = "aiplatform.googleapis.com";

    public static EventReading Read(EventJson entry)
    {
        var payload = entry["protoPayload"];
        if (!payload.IsObject) return new EventReading.Ignored("it is no audit log entry");
        if (payload["serviceName"].Text is var service and not Service) return new EventReading.Ignored($"the entry is about '{service}', not {Service}");
        if (payload["methodName"].Text is not { } name) return EventReading.Missing("protoPayload.methodName");
        var method = name[(name.LastIndexOf('.') + 1)..];
        if (!name.Contains("ModelService.", StringComparison.Ordinal) || method is not ("UploadModel" or "MergeVersionAliases" or "UpdateModel"))
            return new EventReading.Ignored($"{name} is not a promotion");
        if (payload["status"]["code"].Text is { } code and not "0")
            return new EventReading.Ignored($"{method} failed with code {code}");
        return Promoted(payload, method);
    }

    private static EventReading Promoted(EventJson payload, string method)
    {
        var (request, response) = (payload["request"], payload["response"]);
        var resource = response["model"].Text ?? response["name"].Text ?? request["name"].Text ?? request["model"]["name"].Text ?? payload["resourceName"].Text;
        var (model, version) = Named(resource);
        version = response["modelVersionId"].Text ?? response["versionId"].Text ?? version;
        // A long-running upload is logged twice; only the last entry knows which version came of it.
        if (model is null || version is null) return new EventReading.Ignored($"this entry of {method} does not say which version it made");

        var check = new PromotionCheck();
        var body = method == "UploadModel" || method == "UpdateModel" ? request["model"] : request;
        var promotion = new Promotion
        {
            Model = check.Model("protoPayload.request.name", model),
            Version = check.Version("protoPayload.response.versionId", version),
            Marks = [.. Marks(body, method)],
            Artifact = check.Artifact("protoPayload.request.model.artifactUri", response["artifactUri"].Text ?? body["artifactUri"].Text, "", null),
            PromotedBy = PromotionCheck.Person(payload["authenticationInfo"]["principalEmail"].Text),
        };
        return check.Problem is { } problem ? new EventReading.Invalid(problem) : new EventReading.Promoted(promotion);
    }

    /// <summary>An alias that begins with a hyphen is one that is taken away.</summary>
    private static IEnumerable<Mark> Marks(EventJson body, string method)
    {
        foreach (var alias in body["versionAliases"].Items)
        {
            if (alias.Text is { } name && !name.StartsWith('-')) yield return Mark.OfAlias(name);
        }

        foreach (var label in Mlflow.MlflowPromotionSource.Tags(body["labels"])) yield return label;
        if (method == "UploadModel") yield return Mark.Created;
    }

    /// <summary><c>projects/…/models/{id}@{version}</c>; the part after the @ may be an alias, which is no version.</summary>
    private static (string? Model, string? Version) Named(string? resource)
    {
        const string Models = "/models/";
        var at = resource?.IndexOf(Models, StringComparison.Ordinal) ?? -1;
        if (at < 0) return (null, null);
        var parts = resource![(at + Models.Length)..].Split('/')[0].Split('@');
        var version = parts.Length > 1 && parts[1].All(char.IsAsciiDigit) && parts[1].Length > 0 ? parts[1] : null;
        return (parts[0].Length > 0 ? parts[0] : null, version);
    }
}
