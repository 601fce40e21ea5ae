using System.Text.Json.Serialization;

namespace BlueGreen.Bench.Routing;

/// <summary>What a benchmark prints as its last line.</summary>
internal interface IReport
{
    /// <summary>Nothing happened that must never happen. Figures alone do not make a run bad: machines differ.</summary>
    [JsonIgnore]
    bool IsGood { get; }
}
