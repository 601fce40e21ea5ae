namespace BlueGreen.ModelServer.Models;

/// <summary>One input of a model: its tensor's name and Open Inference Protocol datatype.</summary>
internal sealed record Feature(string Name, string Datatype)
{
    /// <summary>BYTES carries a category; every other datatype is read as a number.</summary>
    public bool IsCategory => Datatype == Datatypes.Bytes;
}
