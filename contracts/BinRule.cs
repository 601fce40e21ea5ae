using System.Text.Json.Serialization;

namespace BlueGreen.Contracts;

/// <summary>How the edges of bins are found. Written in lower case with hyphens.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BinRule>))]
public enum BinRule
{
    /// <summary>Equally many of the baseline's values in each: edges are its quantiles (linear interpolation).</summary>
    [JsonStringEnumMemberName("quantile")]
    Quantile,

    /// <summary>Equally wide from the smallest to the largest value of both samples.</summary>
    [JsonStringEnumMemberName("width")]
    Width,

    /// <summary>Equally wide over both samples, ⌈log₂ N⌉ + 1 of them for N values in all (H. Sturges, 1926).</summary>
    [JsonStringEnumMemberName("sturges")]
    Sturges,
}
