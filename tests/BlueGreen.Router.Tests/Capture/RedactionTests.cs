using System.Text;
using System.Text.Json.Nodes;
using BlueGreen.Router.Capture;
using CsCheck;

namespace BlueGreen.Router.Tests.Capture;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("""{"a":"secret","b":1}""", """{"a":"","b":1}""", "/a")]
    [InlineData("""{"a":{"card":"4","n":[1,true,null]},"b":2}""", """{"a":{"card":"","n":[0,false,null]},"b":2}""", "/a")]
    [InlineData("""{"inputs":[{"data":[1,2]},{"data":["x"]}]}""", """{"inputs":[{"data":[0,0]},{"data":[""]}]}""", "/inputs/*/data")]
    [InlineData("""{"inputs":[{"data":[1,2]},{"data":["x"]}]}""", """{"inputs":[{"data":[1,2]},{"data":[""]}]}""", "/inputs/1/data")]
    [InlineData("""{"a/b":1,"~":2}""", """{"a/b":0,"~":0}""", "/a~1b", "/~0")]
    [InlineData("""{"a":1}""", """{"a":1}""", "/b/c", "/a/b")]
    [InlineData("[1,[2]]", "[0,[0]]", "/*")]
    public void Apply_ReplacesByValuesOfTheSameKind(string text, string redacted, params string[] pointers) =>
        Assert.Equal(redacted, Redaction.Apply(Encoding.UTF8.GetBytes(text), pointers));

    [Theory]
    [InlineData("1,2,3")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("null")]
    public void Apply_WhatCannotBeRedacted_IsNotStored(string text)
    {
        Assert.Null(Redaction.Apply(Encoding.UTF8.GetBytes(text), ["/a"]));
        Assert.Equal(text, Redaction.Apply(Encoding.UTF8.GetBytes(text), []));
    }

    [Fact]
    public void Apply_WhateverIsAtThePointer_NothingOfItIsLeft() => Gen.String.Sample(secret =>
    {
        var text = new JsonObject { ["a"] = new JsonArray(new JsonObject { ["b"] = "#" + secret }), ["c"] = "kept" }.ToJsonString();
        Assert.Equal("""{"a":[{"b":""}],"c":"kept"}""", Redaction.Apply(Encoding.UTF8.GetBytes(text), ["/a/*/b"]));
    });
}
