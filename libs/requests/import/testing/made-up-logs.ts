/** Small logs in the shape of each source that a mapping ships for; nobody in them exists. */
export const madeUpLogs = {
  'italian-helpdesk': `Case ID,Activity,Resource,Complete Timestamp,Variant,Variant,seriousness_2,customer,product,responsible_section,service_level,service_type,workgroup
Case 1,Assign seriousness,Value 1,2012/10/09 14:50:17.000,V,V,Value 1,Value 7,Value 3,Value 1,Value 2,Value 1,Value 1
Case 1,Take in charge ticket,Value 1,2012/10/09 14:51:01.000,V,V,Value 1,Value 7,Value 3,Value 1,Value 2,Value 1,Value 1
Case 1,Wait,Value 1,2012/10/09 14:51:01.000,V,V,Value 1,Value 7,Value 3,Value 1,Value 2,Value 1,Value 1
Case 1,Take in charge ticket,Value 2,2012/10/10 08:00:00.000,V,V,Value 1,Value 7,Value 3,Value 1,Value 2,Value 1,Value 2
Case 1,Resolve ticket,Value 2,2012/10/09 08:00:00.000,V,V,Value 1,Value 7,Value 3,Value 1,Value 2,Value 1,Value 2
Case 1,Closed,Value 3,2012/10/28 02:30:00.000,V,V,Value 1,Value 7,Value 3,Value 1,Value 2,Value 1,Value 2
Case 2,Insert ticket,Value 1,2012/11/01 09:00:00.000,V,V,Value 1,Value 7,Value 3,Value 1,Value 2,Value 1,Value 1
Case 2,Create SW anomaly,,2012/11/01 10:00:00.000,V,V,Value 1,Value 7,Value 3,Value 1,Value 2,Value 1,Value 1
Case 2,Require upgrade,Value 1,2012/11/01 11:00:00.000,V,V,Value 1,Value 7,Value 3,Value 1,Value 2,Value 1,Value 1
`,
  'volvo-closed-problems': `org:group,resource country,org:resource,organization involved,concept:name,impact,product,lifecycle:transition,time:timestamp,case:concept:name
Org line A2,INDIA,Minnie,J11 2nd,Queued,High,PROD1,Awaiting Assignment,2006-01-11 15:49:42+00:00,1-1
Org line A2,INDIA,Minnie,J11 2nd,Accepted,Major,PROD1,In Progress,2012-03-15 13:53:52+02:00,1-1
Org line A2,INDIA,Minnie,J11 2nd,Completed,Major,PROD1,Closed,2012-03-15 12:11:33+00:00,1-1
`,
  'servicenow-incidents-890': `number,incident_state,caller_id,opened_by,opened_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,urgency,assignment_group,assigned_to,closed_code,resolved_by
INC1,New,Caller 9,Opened by  8,29-02-2016 01:16,Updated by 21,29-02-2016 01:23,Phone,Location 1,Category 5,Subcategory 1,?,?,2 - Medium,2 - Medium,Group 5,?,code 5,Resolved by 1
INC1,Awaiting User Info,Caller 9,Opened by  8,29-02-2016 01:16,Updated by 22,29-02-2016 02:00,Phone,Location 1,Category 5,Subcategory 1,?,?,1 - High,2 - Medium,Group 5,Resolver 3,code 5,Resolved by 1
INC1,Resolved,Caller 9,Opened by  8,29-02-2016 01:16,?,29-02-2016 08:53,Phone,Location 1,Category 5,Subcategory 1,?,?,1 - High,2 - Medium,Group 5,Resolver 3,code 5,Resolved by 1
INC1,Active,Caller 9,Opened by  8,29-02-2016 01:16,Updated by 22,29-02-2016 08:53,Phone,Location 1,Category 5,Subcategory 1,?,?,1 - High,2 - Medium,Group 5,Resolver 3,code 5,Resolved by 1
`,
  'nyc311-500': `unique_key,created_date,agency,complaint_type,descriptor,location_type,incident_address,city,status,resolution_description,resolution_action_updated_date,borough,open_data_channel_type,closed_date
100,2023-12-10T12:00:00.000,DSNY,Noise,Loud,Street,1 FIRST AVENUE,BRONX,Closed,"It was said: ""quiet"", and it was.",2023-12-10T15:00:00.000,BRONX,PHONE,2023-12-10T14:00:00.000
101,2023-12-10T12:00:00.000,NYPD,Noise,Loud,Street,,,In Progress,,,Unspecified,ONLINE,
102,2023-12-10T12:00:00.000,DOT,Parking,Blocked,Street,,,Open,We will look at it.,2023-12-10T12:30:00.000,QUEENS,ONLINE,
`,
} as const;
