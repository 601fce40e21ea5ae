using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

internal static class FakeSelectors
{
    public static bool Fits(JsonObject item, string? fields, string? labels) =>
        (string.IsNullOrEmpty(fields) || fields == $"metadata.name={item["metadata"]!["name"]}")
        && (string.IsNullOrEmpty(labels) || labels.Split(',').Select(label => label.Split('=')).All(label =>
            item["metadata"]?["labels"]?[label[0]]?.ToString() == label[1]));
}
