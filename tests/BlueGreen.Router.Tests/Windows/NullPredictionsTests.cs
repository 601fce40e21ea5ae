using System.Text;
using BlueGreen.Router.Windows;
using CsCheck;

namespace BlueGreen.Router.Tests.Windows;

public sealed class NullPredictionsTests
{
    [Theory]
    [InlineData("""{"outputs":[{"name":"score","datatype":"FP32","shape":[2],"data":[0.5,null]}]}""", true)]
    [InlineData("""{"outputs":[{"name":"score","data":[[0.5],[NaN]]}]}""", true)]
    [InlineData("""{"outputs":[{"data":["NaN"],"datatype":"FP64"}]}""", true)]
    [InlineData("""{"outputs":[{"data":[Infinity,-Infinity,NaN]}]}""", true)]
    [InlineData("""{"outputs":[{"data":[1]},{"data":[null]}]}""", true)]
    [InlineData("""{"id":null,"parameters":null,"outputs":[{"parameters":{"data":[null]},"data":[0.5]}]}""", false)]
    [InlineData("""{"data":[null],"outputs":[{"name":"null","data":[0.5]}]}""", false)]
    [InlineData("""{"outputs":[{"name":"a NaN \" NaN","data":[0.5,Infinity]}]}""", false)]
    [InlineData("""{"outputs":null}""", false)]
    [InlineData("""{"outputs":[null,{"data":null}]}""", false)]
    [InlineData("""{"outputs":[{"data":[0.5,nu""", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void Any_LooksOnlyIntoTheDataOfOutputs(string json, bool expected) =>
        Assert.Equal(expected, NullPredictions.Any(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Any_NeverThrows_WhateverTheBytes() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 200],
            Gen.OneOf("{", "}", "[", "]", "\"outputs\"", "\"data\"", ":", ",", "null", "NaN", "Infinity", "1", "\"", "\\")
                .Array[0, 30].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
            .Sample(bytes => { NullPredictions.Any(bytes); });
}
