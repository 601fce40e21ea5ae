using System.Text.Json;
using BlueGreen.Validator.Features;

namespace BlueGreen.Validator.Tests.Features;

public sealed class FeatureTableTests
{
    [Theory]
    [InlineData("""{"inputs":[{"name":"a","shape":[2,1],"datatype":"FP32","data":[1,2]},{"name":"b","shape":[2],"datatype":"BYTES","data":["x","y"]}]}""")]
    [InlineData("""{"inputs":{"a":[1,2],"b":["x","y"]}}""")]
    [InlineData("""{"instances":[{"a":1,"b":"x"},{"a":2,"b":"y"}]}""")]
    [InlineData("""{"dataframe_split":{"columns":["a","b"],"data":[[1,"x"],[2,"y"]]}}""")]
    [InlineData("""{"dataframe_records":[{"a":1,"b":"x"},{"a":2,"b":"y"}]}""")]
    [InlineData("""{"data":{"names":["a","b"],"ndarray":[[1,"x"],[2,"y"]]}}""")]
    [InlineData("""[{"a":1,"b":"x"},{"a":2,"b":"y"}]""")]
    [InlineData("""{"a":[1,2],"b":["x","y"]}""")]
    public void Add_AnyForm_FindsTheFeatures(string request)
    {
        var table = Read(request);
        Assert.Equal(["a", "b"], table.Names.Order());
        Assert.Equal([1, 2], table.Values("a")!.Numbers);
        Assert.Equal(["x", "y"], table.Values("b")!.Words);
        Assert.Equal((1, 0), (table.Carriers("a"), table.Carriers("c")));
    }

    [Fact]
    public void Add_WideTensor_IsAFeaturePerPosition()
    {
        var table = Read("""{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[[1,2,3],[4,5,6]]}]}""");
        Assert.Equal(["x.0", "x.1", "x.2"], table.Names.Order());
        Assert.Equal([3, 6], table.Values("x.2")!.Numbers);
        Assert.Equal(1, table.Carriers("x"));
        var image = Read($$"""{"inputs":[{"name":"x","shape":[1,100],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Range(0, 100))}}]}]}""");
        Assert.Equal(["x"], image.Names);
    }

    [Fact]
    public void Add_WhatIsNoValue_IsNull()
    {
        var table = Read("""{"instances":[{"a":null,"b":"NaN"},{"a":1,"b":""},{"b":"w"}]}""");
        Assert.Equal((1, 1), (table.Values("a")!.Nulls, table.Values("a")!.Numbers.Count));
        Assert.Equal((2, 1), (table.Values("b")!.Nulls, table.Values("b")!.Words.Count));
        Assert.Null(table.Values("c"));
        Assert.Empty(Read("3").Names);
    }

    private static FeatureTable Read(string request)
    {
        var table = new FeatureTable();
        table.Add(JsonElement.Parse(request));
        return table;
    }
}
