using PhotoMl.Export.Onnx;
namespace PhotoMl.Export;

/// <summary>Makes and reads the attributes of nodes.</summary>
internal static class OnnxAttribute
{
    public static AttributeProto Of(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static AttributeProto Of(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Of(string name, long[] values) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    public static AttributeProto Get(NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name) ?? throw new InvalidDataException($"a {node.OpType} without {name}");
}
