namespace BlueGreen.ModelServer.Models;

/// <summary>The Open Inference Protocol tensor datatypes that this server's models use.</summary>
internal static class Datatypes
{
    public const string Bool = "BOOL";
    public const string Bytes = "BYTES";
    public const string Int32 = "INT32";
    public const string Fp32 = "FP32";
}
