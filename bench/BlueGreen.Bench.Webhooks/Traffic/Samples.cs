using System.Text;
using System.Text.Json.Nodes;

namespace BlueGreen.Bench.Webhooks.Traffic;

/// <summary>A body of each kind that the sources send, about a model of the caller's choice.</summary>
internal static class Samples
{
    private const string Json = "application/json";
    private const string CloudEventJson = "application/cloudevents+json";
    private const string CloudEventBatch = "application/cloudevents-batch+json";

    /// <summary>The stage, alias or tag that promotes in every <see cref="Promotion"/>.</summary>
    public const string Stage = "production-candidate";

    public static IReadOnlyList<string> Sources { get; } =
        ["generic", "cloudevents", "mlflow", "databricks", "sagemaker", "vertex", "azureml", "huggingface", "wandb"];

    /// <summary>One event that promotes <paramref name="version"/>; SageMaker, Azure ML, Hugging Face and W&amp;B included.</summary>
    public static (JsonNode Body, string ContentType) Promotion(string source, string model, string version, string id, DateTimeOffset at) => source switch
    {
        "generic" => (Generic(model, version), Json),
        "cloudevents" => (CloudEvent(id, at, "com.example.model.promoted", Generic(model, version)), CloudEventJson),
        "mlflow" => (Mlflow("model_version_alias", "created", at, new() { ["name"] = model, ["alias"] = Stage, ["version"] = version }), Json),
        "databricks" => (Databricks("MODEL_VERSION_TRANSITIONED_STAGE", model, version, at, ("to_stage", Stage), ("from_stage", "Staging")), Json),
        "sagemaker" => (SageMaker(id, at, model, version, "Completed", "Approved"), Json),
        "vertex" => (Pushed(id, at, Audit(id, at, model, version, Stage)), Json),
        "azureml" => (new JsonArray(EventGrid(id, at, "Microsoft.MachineLearningServices.ModelRegistered", model, version)), Json),
        "huggingface" => (HuggingFace(model, version, $"refs/tags/{Stage}"), Json),
        "wandb" => (Wandb("ADD_ARTIFACT_ALIAS", model, version, Stage), Json),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Unknown source."),
    };

    /// <summary>Events of the source that promote nothing, or several at once.</summary>
    public static IEnumerable<(JsonNode Body, string ContentType)> Others(string source, string model, string version, string id, DateTimeOffset at)
    {
        switch (source)
        {
            case "cloudevents":
                yield return (new JsonArray(CloudEvent(id, at, "a", Generic(model, version)), CloudEvent(id + "b", at, "b", "text")), CloudEventBatch);
                yield return (CloudEvent(id, at, "com.example.someevent", "<much wow=\"xml\"/>"), CloudEventJson);
                break;
            case "mlflow":
                yield return (Mlflow("model_version_tag", "set", at, new() { ["name"] = model, ["version"] = version, ["key"] = "k", ["value"] = "v" }), Json);
                yield return (Mlflow("model_version_alias", "deleted", at, new() { ["name"] = model, ["alias"] = "old" }), Json);
                yield return (Mlflow("model_version", "created", at, new()
                {
                    ["name"] = model,
                    ["version"] = version,
                    ["source"] = "models:/m-1",
                    ["tags"] = new JsonObject { ["stage"] = "dev" },
                }), Json);
                break;
            case "databricks":
                yield return (Databricks("COMMENT_CREATED", model, version, at, ("comment", "fine")), Json);
                break;
            case "sagemaker":
                yield return (SageMaker(id, at, model, version, "Completed", "PendingManualApproval"), Json);
                yield return (SageMaker(id, at, model, version, "InProgress", "Approved"), Json);
                break;
            case "vertex":
                yield return (CloudEvent(id, at, "google.cloud.audit.log.v1.written", Audit(id, at, model, version, "-old")), CloudEventJson);
                break;
            case "azureml":
                yield return (new JsonArray(new JsonObject
                {
                    ["id"] = id,
                    ["eventType"] = "Microsoft.EventGrid.SubscriptionValidationEvent",
                    ["data"] = new JsonObject { ["validationCode"] = id },
                }), Json);
                yield return (new JsonArray(
                    EventGrid(id, at, "Microsoft.MachineLearningServices.RunCompleted", model, version),
                    EventGrid(id + "b", at, "Microsoft.MachineLearningServices.ModelRegistered", model, version)), Json);
                break;
            case "huggingface":
                yield return (HuggingFace(model, version, "refs/pr/4"), Json);
                break;
            case "wandb":
                yield return (Wandb("LINK_ARTIFACT", model, version, "${alias}"), Json);
                break;
        }
    }

    private static JsonObject Generic(string model, string version) => new()
    {
        ["model"] = model,
        ["version"] = version,
        ["stage"] = Stage,
        ["artifact"] = new JsonObject { ["uri"] = $"https://registry.example/{version}.zip", ["sha256"] = new string('a', 64) },
        ["promotedBy"] = "ada@example.com",
    };

    private static JsonObject CloudEvent(string id, DateTimeOffset at, string type, JsonNode data) => new()
    {
        ["specversion"] = "1.0",
        ["id"] = id,
        ["source"] = "/registry",
        ["type"] = type,
        ["time"] = at.ToString("O"),
        ["data"] = data,
    };

    private static JsonObject Mlflow(string entity, string action, DateTimeOffset at, JsonObject data) =>
        new() { ["entity"] = entity, ["action"] = action, ["timestamp"] = at.ToString("O"), ["data"] = data };

    private static JsonObject Databricks(string type, string model, string version, DateTimeOffset at, params (string Name, string Value)[] more)
    {
        var body = new JsonObject
        {
            ["event"] = type,
            ["webhook_id"] = "8d7f",
            ["event_timestamp"] = at.ToUnixTimeMilliseconds(),
            ["model_name"] = model,
            ["version"] = version,
        };
        foreach (var (name, value) in more) body[name] = value;
        return body;
    }

    private static JsonObject SageMaker(string id, DateTimeOffset at, string model, string version, string status, string approval) => new()
    {
        ["version"] = "0",
        ["id"] = id,
        ["detail-type"] = "SageMaker Model Package State Change",
        ["source"] = "aws.sagemaker",
        ["time"] = at.ToString("O"),
        ["detail"] = new JsonObject
        {
            ["ModelPackageGroupName"] = model,
            ["ModelPackageVersion"] = int.TryParse(version, out var number) ? number : version,
            ["ModelPackageStatus"] = status,
            ["ModelApprovalStatus"] = approval,
            ["InferenceSpecification"] = new JsonObject
            {
                ["Containers"] = new JsonArray(new JsonObject { ["Image"] = "i", ["ModelDataUrl"] = $"s3://models/{version}/model.tar.gz" }),
            },
        },
    };

    private static JsonObject Audit(string id, DateTimeOffset at, string model, string version, string alias) => new()
    {
        ["insertId"] = id,
        ["timestamp"] = at.ToString("O"),
        ["protoPayload"] = new JsonObject
        {
            ["serviceName"] = "aiplatform.googleapis.com",
            ["methodName"] = "google.cloud.aiplatform.v1.ModelService.MergeVersionAliases",
            ["authenticationInfo"] = new JsonObject { ["principalEmail"] = "ada@example.com" },
            ["request"] = new JsonObject
            {
                ["name"] = $"projects/p/locations/l/models/{model}@{version}",
                ["versionAliases"] = new JsonArray(alias),
            },
        },
    };

    private static JsonObject Pushed(string id, DateTimeOffset at, JsonNode entry) => new()
    {
        ["subscription"] = "projects/p/subscriptions/s",
        ["message"] = new JsonObject
        {
            ["messageId"] = id,
            ["publishTime"] = at.ToString("O"),
            ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(entry.ToJsonString())),
        },
    };

    private static JsonObject EventGrid(string id, DateTimeOffset at, string type, string model, string version) => new()
    {
        ["id"] = id,
        ["eventType"] = type,
        ["subject"] = $"models/{model}:{version}",
        ["eventTime"] = at.ToString("O"),
        ["data"] = new JsonObject
        {
            ["ModelName"] = model,
            ["ModelVersion"] = int.TryParse(version, out var number) ? number : version,
            ["ModelTags"] = new JsonObject { ["stage"] = Stage },
        },
        ["dataVersion"] = "",
    };

    private static JsonObject HuggingFace(string model, string version, string reference) => new()
    {
        ["event"] = new JsonObject { ["action"] = "update", ["scope"] = "repo.content" },
        ["repo"] = new JsonObject { ["type"] = "model", ["name"] = model, ["id"] = "621f", ["private"] = false, ["headSha"] = version },
        ["updatedRefs"] = new JsonArray(new JsonObject { ["ref"] = reference, ["oldSha"] = null, ["newSha"] = version }),
        ["webhook"] = new JsonObject { ["id"] = "6390", ["version"] = 3 },
    };

    private static JsonObject Wandb(string type, string model, string version, string alias) => new()
    {
        ["event_type"] = type,
        ["artifact_version_string"] = $"team/project/{model}:{alias}",
        ["artifact_version"] = version,
        ["alias"] = alias,
        ["event_author"] = "ada",
    };
}
