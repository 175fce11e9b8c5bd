// A provider that knows a schema and nothing else: for `tofu validate`, for `tofu test` with a mock of it, and for plans
// from a state file.
//
// The schema is in schema.json beside the binary. A plan believes the state, and keeps what is computed in an update.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type attribute struct {
	Type                         json.RawMessage
	Optional, Required, Computed bool
}

type block struct {
	Attributes map[string]attribute
	BlockTypes map[string]struct {
		NestingMode string `json:"nesting_mode"`
		MinItems    int64  `json:"min_items"`
		MaxItems    int64  `json:"max_items"`
		Block       block
	} `json:"block_types"`
}

type schemas map[string]struct {
	Version int64
	Block   block
}

var nesting = map[string]tfprotov5.SchemaNestedBlockNestingMode{
	"single": tfprotov5.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov5.SchemaNestedBlockNestingModeList,
	"set":    tfprotov5.SchemaNestedBlockNestingModeSet,
}

func (b block) schema() (*tfprotov5.SchemaBlock, error) {
	schema := &tfprotov5.SchemaBlock{}
	for name, a := range b.Attributes {
		t, err := tftypes.ParseJSONType(a.Type) //nolint:staticcheck // there is no other
		if err != nil {
			return nil, fmt.Errorf("type of %s: %w", name, err)
		}
		schema.Attributes = append(schema.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: t, Optional: a.Optional, Required: a.Required, Computed: a.Computed,
		})
	}
	for name, nested := range b.BlockTypes {
		mode, known := nesting[nested.NestingMode]
		if !known {
			return nil, fmt.Errorf("nesting of %s: %q", name, nested.NestingMode)
		}
		inner, err := nested.Block.schema()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		schema.BlockTypes = append(schema.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Block: inner, Nesting: mode, MinItems: nested.MinItems, MaxItems: nested.MaxItems,
		})
	}
	return schema, nil
}

func (s schemas) schemas() (map[string]*tfprotov5.Schema, error) {
	all := make(map[string]*tfprotov5.Schema, len(s))
	for name, each := range s {
		block, err := each.Block.schema()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[name] = &tfprotov5.Schema{Version: each.Version, Block: block}
	}
	return all, nil
}

// What is not overridden here is not implemented: it would be a nil call, in a process that is only for checks.
type provider struct {
	tfprotov5.ProviderServer
	response *tfprotov5.GetProviderSchemaResponse
}

func (p provider) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	return &tfprotov5.GetMetadataResponse{}, nil
}

func (p provider) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	return p.response, nil
}

func (p provider) PrepareProviderConfig(_ context.Context, r *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: r.Config}, nil
}

func (p provider) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

func (p provider) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

func (p provider) ValidateResourceTypeConfig(context.Context, *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	return &tfprotov5.ValidateResourceTypeConfigResponse{}, nil
}

func (p provider) ValidateDataSourceConfig(context.Context, *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}

// The state that one run of a test leaves to the next is of the schema already.
func (p provider) UpgradeResourceState(_ context.Context, r *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
	t := p.response.ResourceSchemas[r.TypeName].ValueType()
	value, err := r.RawState.Unmarshal(t)
	if err != nil {
		return nil, err
	}
	state, err := tfprotov5.NewDynamicValue(t, value)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

// The attributes that cannot be changed in place, as the AWS provider's documentation of version 6 says ("Forces new
// resource"), of the resources that a migration finds.
var replacing = map[string][]string{
	"aws_cloudwatch_log_group":                {"name"},
	"aws_cloudwatch_log_subscription_filter":  {"log_group_name", "name"},
	"aws_iam_role":                            {"name", "path"},
	"aws_iam_role_policy":                     {"name", "role"},
	"aws_iam_role_policy_attachment":          {"policy_arn", "role"},
	"aws_kinesis_stream":                      {"name"},
	"aws_lambda_event_source_mapping":         {"event_source_arn", "starting_position"},
	"aws_lambda_function":                     {"function_name", "package_type"},
	"aws_lambda_function_event_invoke_config": {"function_name", "qualifier"},
	"aws_lambda_permission":                   {"action", "function_name", "principal", "source_account", "source_arn", "statement_id"},
	"aws_s3_bucket_notification":              {"bucket"},
	"aws_sqs_queue":                           {"fifo_queue", "name"},
	"aws_sqs_queue_policy":                    {"queue_url"},
	"aws_sqs_queue_redrive_allow_policy":      {"queue_url"},
}

func (p provider) ReadResource(_ context.Context, r *tfprotov5.ReadResourceRequest) (*tfprotov5.ReadResourceResponse, error) {
	return &tfprotov5.ReadResourceResponse{NewState: r.CurrentState}, nil
}

func (p provider) PlanResourceChange(_ context.Context, r *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	schema := p.response.ResourceSchemas[r.TypeName]
	planned := map[string]tftypes.Value{}
	proposed, err := r.ProposedNewState.Unmarshal(schema.ValueType())
	if err != nil || proposed.IsNull() {
		return &tfprotov5.PlanResourceChangeResponse{PlannedState: r.ProposedNewState}, err
	}
	if err := proposed.As(&planned); err != nil {
		return nil, err
	}
	prior, err := r.PriorState.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	response := &tfprotov5.PlanResourceChangeResponse{UnsafeToUseLegacyTypeSystem: true}
	if prior.IsNull() {
		for _, attribute := range schema.Block.Attributes {
			if attribute.Computed && planned[attribute.Name].IsNull() {
				planned[attribute.Name] = tftypes.NewValue(attribute.Type, tftypes.UnknownValue)
			}
		}
	} else {
		before := map[string]tftypes.Value{}
		if err := prior.As(&before); err != nil {
			return nil, err
		}
		for _, name := range replacing[r.TypeName] {
			if !planned[name].Equal(before[name]) {
				response.RequiresReplace = append(response.RequiresReplace, tftypes.NewAttributePath().WithAttributeName(name))
			}
		}
	}
	state, err := tfprotov5.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), planned))
	response.PlannedState = &state
	return response, err
}

// The account of every check.
var account = map[string]string{"account_id": "123456789012", "partition": "aws", "id": "eu-west-1"}

func (p provider) ReadDataSource(_ context.Context, r *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	schema := p.response.DataSourceSchemas[r.TypeName]
	read := map[string]tftypes.Value{}
	config, err := r.Config.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	if err := config.As(&read); err != nil {
		return nil, err
	}
	for name, value := range account {
		if _, known := read[name]; known {
			read[name] = tftypes.NewValue(tftypes.String, value)
		}
	}
	state, err := tfprotov5.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), read))
	return &tfprotov5.ReadDataSourceResponse{State: &state}, err
}

func load() (*tfprotov5.GetProviderSchemaResponse, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(binary), "schema.json"))
	if err != nil {
		return nil, err
	}
	var file struct {
		Resources   schemas `json:"resource_schemas"`
		DataSources schemas `json:"data_source_schemas"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	resources, err := file.Resources.schemas()
	if err != nil {
		return nil, err
	}
	dataSources, err := file.DataSources.schemas()
	if err != nil {
		return nil, err
	}
	// Of the provider's own configuration the examples use the region.
	own := &tfprotov5.SchemaBlock{Attributes: []*tfprotov5.SchemaAttribute{{Name: "region", Type: tftypes.String, Optional: true}}}
	return &tfprotov5.GetProviderSchemaResponse{
		Provider:          &tfprotov5.Schema{Block: own},
		ResourceSchemas:   resources,
		DataSourceSchemas: dataSources,
	}, nil
}

func main() {
	response, err := load()
	if err == nil {
		err = tf5server.Serve("registry.opentofu.org/hashicorp/aws", func() tfprotov5.ProviderServer {
			return provider{response: response}
		})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
