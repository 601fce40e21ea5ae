using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlueGreen.Cli.Api;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(PromotionRequest))]
[JsonSerializable(typeof(RollbackBody))]
[JsonSerializable(typeof(DecisionBody))]
[JsonSerializable(typeof(BulkBody))]
[JsonSerializable(typeof(ReplayBody))]
[JsonSerializable(typeof(UnblockBody))]
[JsonSerializable(typeof(AlarmView[]))]
[JsonSerializable(typeof(BlockView[]))]
[JsonSerializable(typeof(FaultView[]))]
[JsonSerializable(typeof(DeliveryView[]))]
[JsonSerializable(typeof(FaultDetailsView))]
[JsonSerializable(typeof(BulkView))]
[JsonSerializable(typeof(ReplayView))]
[JsonSerializable(typeof(DeploymentAccepted))]
[JsonSerializable(typeof(RouteView[]))]
[JsonSerializable(typeof(RouteDriverView))]
[JsonSerializable(typeof(EndpointView[]))]
[JsonSerializable(typeof(DeploymentView[]))]
[JsonSerializable(typeof(DeploymentEvent))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
internal sealed partial class ApiJson : JsonSerializerContext;
