using System.Text.Json.Nodes;
using BlueGreen.ModelServer.Models;
using BlueGreen.ModelServer.Training;

namespace BlueGreen.ModelServer.Protocol;

internal static class TestPayloads
{
    /// <param name="rows">One row of the batch each.</param>
    /// <param name="nested">Shape [n,1] with every element in an array of its own, instead of [n].</param>
    /// <param name="missing">A feature whose values are all null.</param>
    public static string Batch(IReadOnlyList<Transaction> rows, bool nested, string? missing = null)
    {
        var inputs = new JsonArray();
        for (var i = 0; i < CardFeatures.All.Count; i++)
        {
            var (feature, column) = (CardFeatures.All[i], i);
            var elements = rows.Select(row => feature.Name == missing ? null : Element(feature, row, column));
            inputs.Add(new JsonObject
            {
                ["name"] = feature.Name,
                ["datatype"] = feature.Datatype,
                ["shape"] = nested ? new JsonArray(rows.Count, 1) : new JsonArray(rows.Count),
                ["data"] = new JsonArray([.. elements.Select(element => nested ? new JsonArray(element) : element)]),
            });
        }

        return new JsonObject { ["inputs"] = inputs }.ToJsonString();
    }

    private static JsonNode Element(Feature feature, Transaction row, int column) => feature.Datatype switch
    {
        Datatypes.Bytes => row.Category,
        Datatypes.Bool => row.Numbers[column] != 0,
        Datatypes.Int32 => (int)row.Numbers[column],
        _ => row.Numbers[column],
    };
}
