namespace BlueGreen.ModelServer.Protocol;

/// <summary>Edits that spoil a good payload, and what the error has to mention.</summary>
internal static class BadRequest
{
    private const string Hour = "\"name\":\"hour\",\"shape\":[1],\"datatype\":\"INT32\",\"data\":[";

    public static TheoryData<string, string, string> All => new()
    {
        { "{\"id\"", "[{\"id\"", "not JSON" },
        { "\"id\":\"golden-00000\"", "\"id\":7", "id" },
        { "\"inputs\"", "\"input\"", "inputs" },
        { "\"name\":\"hour\"", "\"name\":\"minute\"", "'minute'" },
        { "\"name\":\"hour\"", "\"name\":\"amount\"", "'amount'" },
        { "{\"name\":\"hour\",", "{", "name" },
        { "\"name\":\"hour\",\"shape\":[1]", "\"name\":\"hour\",\"shape\":[2]", "'hour'" },
        { "\"name\":\"hour\",\"shape\":[1]", "\"name\":\"hour\",\"shape\":[1,2]", "'hour'" },
        { "\"name\":\"hour\",\"shape\":[1]", "\"name\":\"hour\",\"shape\":[-1]", "'hour'" },
        { "\"name\":\"hour\",\"shape\":[1]", "\"name\":\"hour\",\"shape\":[1.5]", "'hour'" },
        { "\"name\":\"hour\",\"shape\":[1]", "\"name\":\"hour\",\"shape\":[99999999999]", "'hour'" },
        { "\"name\":\"hour\",\"shape\":[1]", "\"name\":\"hour\",\"shape\":[]", "'hour'" },
        { "\"name\":\"hour\",\"shape\":[1]", "\"name\":\"hour\",\"shape\":1", "'hour'" },
        { "\"name\":\"hour\",\"shape\":[1],\"datatype\":\"INT32\"", "\"name\":\"hour\",\"shape\":[1],\"datatype\":\"INT64\"", "'hour'" },
        { Hour, Hour + "1,", "'hour'" },
        { Hour, Hour + "[1],", "'hour'" },
        { Hour, Hour.Replace("[1]", "[2]", StringComparison.Ordinal) + "1.5,", "'hour'" },
        { Hour, Hour.Replace("[1]", "[2]", StringComparison.Ordinal) + "\"1\",", "'hour'" },
        { Hour, Hour.Replace("[1]", "[2]", StringComparison.Ordinal) + "9999999999,", "'hour'" },
        { "\"name\":\"hour\"", "\"name\":\"\\ud800\"", "Unicode" },
        { "\"inputs\"", "\"outputs\":[{\"name\":\"verdict\"}],\"inputs\"", "'verdict'" },
        { "\"inputs\"", "\"outputs\":{},\"inputs\"", "outputs" },
    };
}
