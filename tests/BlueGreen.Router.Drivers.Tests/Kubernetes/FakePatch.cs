using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

/// <summary>The two kinds of patch: RFC 7396, and strategic merge as far as maps go (lists with merge keys are refused, so that nobody relies on them here).</summary>
internal static class FakePatch
{
    public const string StrategicMerge = "application/strategic-merge-patch+json";
    public const string Merge = "application/merge-patch+json";

    /// <returns>Null: the patch means something that is not known here.</returns>
    public static JsonObject? Apply(JsonObject item, JsonObject patch, bool isStrategic)
    {
        var result = item.DeepClone().AsObject();
        return Into(result, patch, isStrategic) ? result : null;
    }

    private static bool Into(JsonObject target, JsonObject patch, bool isStrategic)
    {
        foreach (var (key, value) in patch)
        {
            if (isStrategic && (key.StartsWith('$') || value is JsonArray)) return false;
            if (value is null)
            {
                target.Remove(key);
            }
            else if (value is JsonObject inner)
            {
                if (target[key] is not JsonObject known) target[key] = known = [];
                if (!Into(known, inner, isStrategic)) return false;
            }
            else
            {
                target[key] = value.DeepClone();
            }
        }

        return true;
    }
}
