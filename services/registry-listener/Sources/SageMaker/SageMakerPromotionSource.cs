using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources.SageMaker;

/// <summary>
/// SageMaker's model registry by way of EventBridge and an API destination, whose connection sends the source's secret. Only a package that
/// is <c>Completed</c> and <c>Approved</c> is a promotion; EventBridge tells of one change several times, and of changes to everything else
/// of a package by the same event.
/// </summary>
internal sealed class SageMakerPromotionSource : IPromotionSource
{
    private const string PackageChange = "SageMaker Model Package State Change";

    public string Name => "sagemaker";

    public Authentication Authenticate(WebhookRequest request, SourceOptions source) => SharedToken.Authenticate(request, source);

    public WebhookReading Read(WebhookRequest request, SourceOptions source)
    {
        var (root, malformed) = EventJson.Read(request.Body);
        if (malformed is not null) return new WebhookReading.Refused(malformed);
        // EventBridge Pipes send arrays.
        return root.IsArray ? new WebhookReading.Events([.. root.Items.Select(Event)]) : WebhookReading.Of(Event(root));
    }

    private static RegistryEvent Event(EventJson root) => new()
    {
        Id = root["id"].Text,
        OccurredAt = root["time"].Time,
        Reading = Reading(root),
    };

    private static EventReading Reading(EventJson root)
    {
        if (root["detail-type"].Text is not { } type) return EventReading.Missing("detail-type");
        if (type != PackageChange) return new EventReading.Ignored($"'{type}' is not a promotion");
        var detail = root["detail"];
        if (!detail.IsObject) return EventReading.Missing("detail", "The field is required and must be an object.");
        if (detail["ModelApprovalStatus"].Text is not { } approval)
            return new EventReading.Ignored("the model package has no approval status");
        if (approval != "Approved") return new EventReading.Ignored($"the model package is {approval}, not Approved");
        if (detail["ModelPackageStatus"].Text is var status and not "Completed")
            return new EventReading.Ignored($"the model package is approved but {status ?? "of no status"}, not Completed");
        // Empty where the package was made as it is; else everything that was changed in it.
        var updated = detail["UpdatedModelPackageFields"].Items.Select(field => field.Text).OfType<string>().ToList();
        if (updated.Count > 0 && !updated.Exists(field => field is "ModelApprovalStatus" or "ModelPackageStatus"))
            return new EventReading.Ignored($"only {string.Join(", ", updated)} of the model package changed, not its approval");
        if (detail["ModelPackageGroupName"].IsMissing)
            return new EventReading.Ignored("the model package is in no group, so that it is no version of a model");
        return Promoted(detail);
    }

    private static EventReading Promoted(EventJson detail)
    {
        const string Container = "detail.InferenceSpecification.Containers[0]";
        var check = new PromotionCheck();
        var container = detail["InferenceSpecification"]["Containers"].Items.FirstOrDefault();
        // The older field holds one object; the newer one may also hold a folder.
        var (field, uri) = container["ModelDataUrl"].Text is { } data
            ? ($"{Container}.ModelDataUrl", data)
            : ($"{Container}.ModelDataSource.S3DataSource.S3Uri", container["ModelDataSource"]["S3DataSource"]["S3Uri"].Text);
        var promotion = new Promotion
        {
            Model = check.Model("detail.ModelPackageGroupName", detail["ModelPackageGroupName"].Text),
            Version = check.Version("detail.ModelPackageVersion", detail["ModelPackageVersion"].Text),
            Marks = [new Mark("approval:Approved", null, Suffices: true), .. Mlflow.MlflowPromotionSource.Tags(detail["CustomerMetadataProperties"])],
            Artifact = check.Artifact(field, uri, "detail.CustomerMetadataProperties.sha256",
                detail["CustomerMetadataProperties"]["sha256"].Text),
            PromotedBy = PromotionCheck.Person(detail["LastModifiedBy"]["UserProfileName"].Text ?? detail["CreatedBy"]["UserProfileName"].Text),
        };
        return check.Problem is { } problem ? new EventReading.Invalid(problem) : new EventReading.Promoted(promotion);
    }
}
